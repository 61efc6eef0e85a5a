"""Runs ingestion and feature engineering on a data folder in this process, and prints the seconds of each part as JSON.

Usage: python -m benchmarks.etl.single_machine pandas|polars DATA_FOLDER

Batches are read and validated by the nodes, in pandas. De-duplication and split are the nodes', or run on polars
through narwhals, and hand on the frames that the nodes hand on. Tables and reports are written as by the pipelines.
"""

import importlib
import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import yaml

from abalone.model.split import train_test_split
from abalone.pipelines.feature_engineering import nodes as feature_engineering
from abalone.pipelines.ingestion import nodes as ingestion
from abalone.schema import COLUMN_NAMES
from benchmarks.speed.measured import REPOSITORY


class Parted(NamedTuple):
    """The valid rows: those that are new, those that repeat one, and the two sides of the new ones."""

    unique: pd.DataFrame
    duplicates: pd.DataFrame
    train: pd.DataFrame
    test: pd.DataFrame


def part_with_pandas(valid: pd.DataFrame, test_fraction: float, random_state: int, minimum_rows: int) -> Parted:
    """De-duplicate and split by the nodes."""
    unique, duplicates = ingestion.drop_duplicates(valid)
    sides = feature_engineering.split_measurements(unique, test_fraction, random_state, minimum_rows)
    return Parted(unique, duplicates, *sides)


def part_with_polars(valid: pd.DataFrame, test_fraction: float, random_state: int, _: int) -> Parted:
    """De-duplicate and split on polars, and come back."""
    polars = importlib.import_module("polars")  # its import is part of what it costs
    rows = polars.from_pandas(valid).with_row_index("place")
    unique = rows.unique(list(COLUMN_NAMES), keep="first", maintain_order=True)
    duplicates = rows.join(unique.select("place"), on="place", how="anti")
    sides = train_test_split(unique.sort("batch", "line", maintain_order=True), test_fraction, random_state)
    return Parted(*(frame.drop("place").to_pandas() for frame in (unique, duplicates, *sides)))


PARTING = {"pandas": part_with_pandas, "polars": part_with_polars}


def run(engine: str, data: Path, parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Go from the landing zone of a data folder to its tables and reports.

    Returns:
        Seconds of each part.
    """
    seconds: dict[str, float] = {}
    ingested, engineered = parameters["ingestion"], parameters["feature_engineering"]
    landing = {path.name: path.read_bytes for path in sorted((data / "01_raw" / "landing").glob("*.csv"))}
    with timed(seconds, "read and validate"):
        valid, quarantine, rows_in = ingestion.validate_batches(
            landing, ingested["parts_tolerance"], ingested["maximum_line_bytes"]
        )
    split = [engineered[name] for name in ("test_fraction", "random_state", "minimum_rows")]
    with timed(seconds, "de-duplicate and split"):
        parted = PARTING[engine](valid, *split)
    with timed(seconds, "report and write"):
        report, shown = ingestion.report_ingestion(parted.unique, parted.duplicates, quarantine, rows_in)
        ingestion.check_quarantine(parted.unique, report, ingested["max_quarantined_fraction"])
        feature_engineering.check_stratification(
            parted.train,
            parted.test,
            *(engineered[name] for name in ("test_fraction", "ring_bands", "maximum_standard_errors")),
        )
        for name, table in {**parted._asdict(), "quarantine": quarantine}.items():
            table.to_parquet(data / f"{name}.parquet")
        shown.to_csv(data / "quarantine.csv", index=False)
        held_out = [engineered[name] for name in ("held_out_rows", "random_state")]
        feature_engineering.hold_out(parted.test, *held_out).to_csv(data / "held_out.csv", index=False)
    return seconds


@contextmanager
def timed(seconds: dict[str, float], part: str) -> Iterator[None]:
    """Add the seconds of a part."""
    started = time.perf_counter()
    yield
    seconds[part] = time.perf_counter() - started


def main() -> None:
    """Run, and print the seconds."""
    parameters: dict[str, Any] = {}
    for name in ("ingestion", "feature_engineering"):
        text = (REPOSITORY / "conf" / "base" / f"parameters_{name}.yml").read_text(encoding="utf-8")
        parameters |= yaml.safe_load(text)
    engine, data = sys.argv[1:]
    print(json.dumps(run(engine, Path(data), parameters)))


if __name__ == "__main__":
    main()
