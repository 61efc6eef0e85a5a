"""What the benchmark of the engines measures, and what it computes of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from benchmarks.etl.batches import ONE_IN, write_landing_zone
from benchmarks.etl.limits import USABLE_BYTES, rows_that_fit
from benchmarks.etl.process_tree import BYTES_PER_MIB
from benchmarks.etl.single_machine import run

from support.project import REPOSITORY

ROWS = 5_000
TABLES = ("unique", "duplicates", "train", "test", "quarantine")


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a landing zone alone. For reading only."""
    data = tmp_path_factory.mktemp("data")
    write_landing_zone(data / "01_raw" / "landing", ROWS)
    return data


@pytest.fixture(scope="module")
def parameters() -> dict[str, dict[str, object]]:
    texts = [
        (REPOSITORY / "conf" / "base" / f"parameters_{name}.yml").read_text(encoding="utf-8")
        for name in ("ingestion", "feature_engineering")
    ]
    return {name: values for text in texts for name, values in yaml.safe_load(text).items()}


def tables(engine: str, landing: Path, parameters: dict, folder: Path) -> dict[str, pd.DataFrame]:
    (folder / "01_raw").mkdir(parents=True)
    (folder / "01_raw" / "landing").symlink_to(landing / "01_raw" / "landing")
    run(engine, folder, parameters)
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}


def test_engines_are_measured_on_the_same_work(landing: Path, parameters: dict, tmp_path: Path) -> None:
    by_pandas, by_polars = (tables(name, landing, parameters, tmp_path / name) for name in ("pandas", "polars"))

    for name in TABLES:
        pd.testing.assert_frame_equal(by_pandas[name], by_polars[name], check_dtype=False)


def test_rows_are_valid_but_for_those_that_are_spoilt(landing: Path, parameters: dict, tmp_path: Path) -> None:
    found = tables("pandas", landing, parameters, tmp_path / "pandas")

    spoilt = ROWS // ONE_IN
    assert found["quarantine"]["line"].tolist() == sorted(found["quarantine"]["line"])
    assert len(found["quarantine"]) == 2 * spoilt
    assert len(found["duplicates"]) == spoilt
    assert sum(len(found[name]) for name in ("unique", "duplicates", "quarantine")) == ROWS


def test_rows_of_a_seed_are_the_same_bytes(landing: Path, tmp_path: Path) -> None:
    write_landing_zone(tmp_path / "again", ROWS)

    for path in sorted((landing / "01_raw" / "landing").iterdir()):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_rows_that_fit_lie_on_the_line_through_two_runs() -> None:
    start, of_a_row = 200 * BYTES_PER_MIB, 500
    peaks = [(rows, (start + rows * of_a_row) / BYTES_PER_MIB) for rows in (1_000_000, 10_000_000)]

    bytes_a_row, rows = rows_that_fit(*peaks)

    assert bytes_a_row == pytest.approx(of_a_row)
    assert start + rows * of_a_row == pytest.approx(USABLE_BYTES)


def test_memory_that_does_not_grow_holds_any_number_of_rows() -> None:
    assert rows_that_fit((10, 100.0), (20, 100.0))[1] == np.inf
