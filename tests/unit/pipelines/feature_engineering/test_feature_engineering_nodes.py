import json
import logging
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kedro.io import DataCatalog
from kedro.runner import SequentialRunner

from abalone.errors import AbaloneError
from abalone.pipelines.feature_engineering import create_pipeline
from abalone.pipelines.feature_engineering.nodes import (
    check_stratification,
    hold_out,
    hold_out_part,
    split_measurements,
)
from abalone.schema import COLUMN_NAMES

LANDING_FILE = Path(__file__).parents[4] / "data" / "01_raw" / "landing" / "uci_abalone.csv"
RING_BANDS = [6, 8, 10, 12, 15]


@pytest.fixture(scope="module")
def measurements() -> pd.DataFrame:
    real = pd.read_csv(LANDING_FILE)
    real.insert(0, "batch", "uci")
    real.insert(1, "line", np.arange(len(real)) + 2)
    return real.assign(flags="")


def test_tables_hold_every_measurement_once_sorted_by_batch_and_line(measurements):
    mixed = measurements.assign(batch=np.where(measurements["line"] % 2, "b", "a")).sample(frac=1.0, random_state=0)

    tables = split_measurements(mixed, test_fraction=0.2, random_state=0, minimum_rows=20)

    for table in tables:
        pd.testing.assert_frame_equal(table, table.sort_values(["batch", "line"], ignore_index=True))
    both = pd.concat(tables).sort_values("line", ignore_index=True)
    pd.testing.assert_frame_equal(both[measurements.columns[1:]], measurements[measurements.columns[1:]])


def test_adding_a_batch_moves_no_row_to_the_other_table(measurements):
    old, new = measurements.head(3_000), measurements.assign(batch=["uci"] * 3_000 + ["new"] * 1_177)

    before = split_measurements(old, 0.2, 0, 20)
    after = split_measurements(new, 0.2, 0, 20)

    for old_table, new_table in zip(before, after, strict=True):
        kept = new_table[new_table["batch"] == "uci"].reset_index(drop=True)
        pd.testing.assert_frame_equal(kept, old_table)


def test_table_with_too_few_rows_is_an_error_with_a_remedy(measurements):
    with pytest.raises(AbaloneError, match=r"The test table has \d of 30 measurements.*add batches"):
        split_measurements(measurements.head(30), 0.2, 0, 20)


def test_empty_table_is_an_error(measurements):
    with pytest.raises(AbaloneError, match="The train table has 0 of 0 measurements"):
        split_measurements(measurements.head(0), 0.2, 0, 1)


@pytest.mark.parametrize("test_fraction", [0.0, 1.0, -0.2, 20])
def test_test_fraction_that_is_no_share_is_an_error(measurements, test_fraction):
    with pytest.raises(AbaloneError, match="set it to a share between 0 and 1"):
        split_measurements(measurements, test_fraction, 0, 20)


def test_held_out_rows_are_those_of_the_test_table_as_a_batch_has_them(measurements, tmp_path):
    _, test_table = split_measurements(measurements, 0.2, 0, 20)

    hold_out(test_table, held_out_rows=len(test_table), random_state=0).to_csv(tmp_path / "held_out.csv", index=False)

    read = pd.read_csv(tmp_path / "held_out.csv")
    pd.testing.assert_frame_equal(read, test_table[list(COLUMN_NAMES)])


def test_large_test_table_is_sampled_by_what_its_rows_say(measurements):
    mixed = measurements.sample(frac=1.0, random_state=0)

    held_out, of_mixed = (hold_out(table, held_out_rows=1_000, random_state=0) for table in (measurements, mixed))

    assert 900 < len(held_out) < 1_100  # 3.7 standard deviations of a random choice
    pd.testing.assert_frame_equal(of_mixed.sort_index(), held_out)


def test_rows_that_a_split_left_are_sampled_as_any_others(measurements):
    _, test_table = split_measurements(measurements, 0.2, 0, 20)

    held_out = hold_out(test_table, held_out_rows=400, random_state=0)

    assert 340 < len(held_out) < 460
    assert held_out["rings"].mean() == pytest.approx(test_table["rings"].mean(), abs=0.5)


def test_parts_of_the_test_table_have_their_parts_of_the_sample(measurements):
    parts = [measurements.head(1_500), measurements.tail(-1_500)]

    sampled = [hold_out_part(part, len(measurements), held_out_rows=1_000, random_state=3) for part in parts]

    pd.testing.assert_frame_equal(pd.concat(sampled), hold_out(measurements, 1_000, random_state=3))


def test_real_data_are_split_alike_in_every_stratum(measurements, caplog):
    tables = split_measurements(measurements, 0.2, 0, 20)

    report = check_stratification(*tables, 0.2, RING_BANDS, maximum_standard_errors=4.0)

    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert min(report["p_values"].values()) > 0.01
    assert report["train_rows"] + report["test_rows"] == 4177
    assert report["test_share"] == pytest.approx(0.2, abs=0.01)


def test_report_counts_every_row_in_one_stratum_of_each_kind(measurements):
    tables = split_measurements(measurements, 0.2, 0, 20)

    report = check_stratification(*tables, 0.2, RING_BANDS, 4.0)

    assert set(report["strata"]["sex"]) == {"M", "F", "I"}
    assert list(report["strata"]["rings"]) == ["up to 6", "7 to 8", "9 to 10", "11 to 12", "13 to 15", "16 and more"]
    for strata in report["strata"].values():
        assert sum(stratum["train"] for stratum in strata.values()) == report["train_rows"]
        assert sum(stratum["test"] for stratum in strata.values()) == report["test_rows"]


def test_band_edges_belong_to_the_lower_band(measurements):
    train = measurements.assign(rings=np.where(measurements["line"] % 2, 6, 7))

    report = check_stratification(train, train.head(100), 0.2, RING_BANDS, 1e9)

    assert {name: stratum["test"] for name, stratum in report["strata"]["rings"].items()} == {
        "up to 6": 50,
        "7 to 8": 50,
    }


def test_stratum_that_is_off_by_more_than_chance_is_warned_about(measurements, caplog):
    is_old = measurements["rings"] > 12

    report = check_stratification(measurements[~is_old], measurements[is_old], 0.2, RING_BANDS, 4.0)

    assert "100.0 % of rings 13 to 15 are test rows" in caplog.text
    assert "try another feature_engineering.random_state" in caplog.text
    assert report["p_values"]["rings_kolmogorov_smirnov"] < 1e-6
    assert report["p_values"]["rings_chi_square"] < 1e-6


def test_pipeline_writes_both_tables_and_a_report_that_json_can_hold(measurements, tmp_path):
    parameters = {
        "test_fraction": 0.2,
        "random_state": 0,
        "held_out_rows": 500,
        "minimum_rows": 20,
        "ring_bands": RING_BANDS,
        "maximum_standard_errors": 4.0,
    }
    catalog = DataCatalog.from_config(
        {
            "measurements": {"type": "MemoryDataset", "data": measurements},
            "train_table": {"type": "pandas.ParquetDataset", "filepath": str(tmp_path / "train.parquet")},
            "test_table": {"type": "pandas.ParquetDataset", "filepath": str(tmp_path / "test.parquet")},
            "held_out": {"type": "pandas.CSVDataset", "filepath": str(tmp_path / "held_out.csv")},
            "split_report": {"type": "json.JSONDataset", "filepath": str(tmp_path / "report.json")},
            **{
                f"params:feature_engineering.{name}": {"type": "MemoryDataset", "data": value}
                for name, value in parameters.items()
            },
        }
    )

    SequentialRunner().run(create_pipeline(), catalog)

    rows = [len(pd.read_parquet(tmp_path / f"{side}.parquet")) for side in ("train", "test")]
    report = json.loads((tmp_path / "report.json").read_text())
    assert rows == [report["train_rows"], report["test_rows"]]
    assert 400 < len(pd.read_csv(tmp_path / "held_out.csv")) < 600
