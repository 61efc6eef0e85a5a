"""The ingestion pipeline in Kedro's runner, on files."""

import json
from pathlib import Path

import pandas as pd
import pytest
from kedro.io import DataCatalog
from kedro.runner import SequentialRunner

from abalone.errors import AbaloneError
from abalone.pipelines.ingestion import create_pipeline
from abalone.schema import COLUMN_NAMES

HEADER = ",".join(COLUMN_NAMES)
ROW = "M,0.455,0.365,0.095,0.514,0.2245,0.101,0.15,15"


@pytest.fixture
def catalog(tmp_path: Path) -> DataCatalog:
    (tmp_path / "landing").mkdir()
    return DataCatalog.from_config(
        {
            "landing_batches": {
                "type": "partitions.PartitionedDataset",
                "path": str(tmp_path / "landing"),
                "dataset": {"type": "text.TextDataset", "fs_args": {"open_args_load": {"mode": "rb"}}},
            },
            "measurements": {"type": "pandas.ParquetDataset", "filepath": str(tmp_path / "measurements.parquet")},
            "quarantine": {"type": "pandas.ParquetDataset", "filepath": str(tmp_path / "quarantine.parquet")},
            "quarantine_report": {
                "type": "pandas.CSVDataset",
                "filepath": str(tmp_path / "quarantine.csv"),
                "save_args": {"index": False},
            },
            "ingestion_report": {"type": "json.JSONDataset", "filepath": str(tmp_path / "report.json")},
            "params:ingestion.parts_tolerance": {"type": "MemoryDataset", "data": 0.1},
            "params:ingestion.maximum_line_bytes": {"type": "MemoryDataset", "data": 10_000},
            "params:ingestion.max_quarantined_fraction": {"type": "MemoryDataset", "data": 0.25},
        }
    )


def test_measurements_are_stored_with_their_types(catalog: DataCatalog, tmp_path: Path):
    (tmp_path / "landing" / "site.csv").write_text(f"{HEADER}\n{ROW}\n{ROW}\n")

    SequentialRunner().run(create_pipeline(), catalog)

    stored = pd.read_parquet(tmp_path / "measurements.parquet")
    assert stored[["batch", "line", "rings"]].to_numpy().tolist() == [["site", 2, 15]]
    assert stored["flags"].tolist() == [""]
    assert json.loads((tmp_path / "report.json").read_text())["duplicates"] == 1


def test_too_many_bad_rows_leave_the_old_measurements_and_report_and_save_what_explains_it(
    catalog: DataCatalog, tmp_path: Path
):
    (tmp_path / "landing" / "site.csv").write_text(f"{HEADER}\n{ROW}\n")
    SequentialRunner().run(create_pipeline(), catalog)
    accepted = [tmp_path / "measurements.parquet", tmp_path / "report.json"]
    before = [path.read_bytes() for path in accepted]
    (tmp_path / "landing" / "site.csv").write_text(f"{HEADER}\n{ROW}\nbad\n")

    with pytest.raises(AbaloneError, match="1 of 2 rows"):
        SequentialRunner().run(create_pipeline(), catalog)

    assert [path.read_bytes() for path in accepted] == before
    assert pd.read_parquet(tmp_path / "quarantine.parquet")["raw_line"].tolist() == ["bad"]
    assert "wrong number of fields" in (tmp_path / "quarantine.csv").read_text()


def test_measurements_are_written_only_after_everything_that_explains_the_quarantine():
    pipeline = create_pipeline()

    upstream = pipeline.to_outputs("measurements").all_outputs()

    assert {"quarantine", "quarantine_report"} <= upstream
    assert pipeline.only_nodes_with_outputs("measurements").all_outputs() == {"measurements", "ingestion_report"}
