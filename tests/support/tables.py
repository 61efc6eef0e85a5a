"""What the ETL and the pipelines make of the same batches."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from abalone.datasets.table import TableDataset
from abalone.etl.arguments import read_arguments
from abalone.etl.configuration import Configuration, read_configuration
from abalone.pipelines.feature_engineering.nodes import check_stratification, hold_out, split_measurements
from abalone.pipelines.ingestion.nodes import drop_duplicates, report_ingestion, validate_batches
from support.project import REPOSITORY

TABLES = ("measurements", "quarantine", "train_table", "test_table")


def configuration(data: str, **ingestion: Any) -> Configuration:
    """What `conf/base` says, but for some parameters of the ingestion."""
    conf = str(REPOSITORY / "conf")
    read = read_configuration(read_arguments(["--conf", conf, "--environment", "base", "--data", data]))
    return read._replace(ingestion={**read.ingestion, **ingestion})


def made_by_pipelines(
    files: dict[str, bytes], configured: Configuration
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Run the nodes of ingestion and feature engineering, and return the tables and the other outputs."""
    ingestion, split = configured.ingestion, configured.feature_engineering
    loaders: dict[str, Callable[[], bytes]] = {name: (lambda raw=raw: raw) for name, raw in files.items()}
    valid, quarantine, rows_in = validate_batches(
        loaders, ingestion["parts_tolerance"], ingestion["maximum_line_bytes"]
    )
    unique, duplicates = drop_duplicates(valid)
    report, quarantine_report = report_ingestion(unique, duplicates, quarantine, rows_in)
    train, test = split_measurements(unique, split["test_fraction"], split["random_state"], split["minimum_rows"])
    split_report = check_stratification(
        train, test, split["test_fraction"], split["ring_bands"], split["maximum_standard_errors"]
    )
    held_out = hold_out(test, split["held_out_rows"], split["random_state"])
    tables = dict(zip(TABLES, (unique, quarantine, train, test), strict=True))
    others = {
        "08_reporting/ingestion_report.json": json.dumps(report, indent=2),
        "08_reporting/split_report.json": json.dumps(split_report, indent=2),
        "08_reporting/quarantine.csv": quarantine_report.to_csv(index=False),
        "05_model_input/held_out.csv": held_out.to_csv(index=False),
    }
    return tables, others


def assert_same(data: str, read: Callable[[str], bytes], files: dict[str, bytes], configured: Configuration) -> None:
    """Compare the tables and reports in a data folder with what the pipelines make of the files."""
    tables, others = made_by_pipelines(files, configured)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(load_table(data, name), table, obj=name)
    for path, content in others.items():
        assert read(path).decode() == content, path


def load_table(data: str, name: str) -> pd.DataFrame:
    """Load a table as the catalog does where the ETL makes it."""
    manifest = f"{data}/03_primary/tables.json"
    return TableDataset(filepath=f"{data}/unused.parquet", manifest=manifest, table=name, engine="glue").load()


def everything_in(data: Path) -> dict[str, bytes]:
    """The content of every file, by its path."""
    return {str(path.relative_to(data)): path.read_bytes() for path in data.rglob("*") if path.is_file()}


def land(files: dict[str, bytes], data: Path) -> None:
    """Put files into the landing zone of a data folder."""
    for name, raw in files.items():
        path = data / "01_raw" / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
