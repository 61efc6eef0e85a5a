import json
from pathlib import Path

import pandas as pd
import pytest
from kedro.io import DatasetError

from abalone.datasets.table import TableDataset
from abalone.errors import AbaloneError

ROWS = pd.DataFrame({"batch": ["a", "a", "b"], "line": [2, 3, 2], "sex": ["M", "F", "I"], "length": [0.4, 0.5, 0.6]})


def dataset(data: Path, engine: str) -> TableDataset:
    return TableDataset(
        filepath=str(data / "05_model_input" / "train_table.parquet"),
        manifest=str(data / "03_primary" / "tables.json"),
        table="train_table",
        engine=engine,
    )


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """A data folder whose manifest names two parts of the table."""
    folder = tmp_path / "03_primary" / "etl" / "run" / "train_table"
    folder.mkdir(parents=True)
    files = []
    for number, rows in enumerate((ROWS[:2], ROWS[2:])):
        rows.to_parquet(folder / f"part-{number:05}.parquet", index=False)
        files.append(f"03_primary/etl/run/train_table/part-{number:05}.parquet")
    tables = {"train_table": {"files": files, "rows": 3}}
    manifest = {"run": "run", "tables": tables, "previous": None}
    (tmp_path / "03_primary" / "tables.json").write_text(json.dumps(manifest))
    return tmp_path


def test_table_of_the_pipelines_is_one_file(tmp_path: Path) -> None:
    assert not dataset(tmp_path, "pandas").exists()

    dataset(tmp_path, "pandas").save(ROWS)

    assert dataset(tmp_path, "pandas").exists()
    pd.testing.assert_frame_equal(dataset(tmp_path, "pandas").load(), ROWS)
    assert dataset(tmp_path, "pandas").preview(1)["data"] == [["a", 2, "M", 0.4]]


def test_table_of_the_job_is_all_its_parts_in_their_order_with_the_same_types(parts: Path) -> None:
    assert dataset(parts, "glue").exists()
    pd.testing.assert_frame_equal(dataset(parts, "glue").load(), ROWS)
    assert dataset(parts, "glue").preview(1)["data"] == [["a", 2, "M", 0.4]]


def test_table_of_the_job_is_not_saved_by_a_pipeline(parts: Path) -> None:
    with pytest.raises(DatasetError, match=r"train_table is written by the ETL job: ingestion\.engine is glue"):
        dataset(parts, "glue").save(ROWS)


def test_table_that_the_job_has_not_written_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    assert not dataset(tmp_path, "glue").exists()
    with pytest.raises(DatasetError) as caught:
        dataset(tmp_path, "glue").load()

    assert isinstance(caught.value.__cause__, AbaloneError)
    assert "run the ETL job first" in str(caught.value)


def test_table_that_only_the_job_has_written_is_not_there_for_the_pipelines_which_are_told_so(parts: Path) -> None:
    assert not dataset(parts, "pandas").exists()
    with pytest.raises(DatasetError) as caught:
        dataset(parts, "pandas").load()

    assert isinstance(caught.value.__cause__, AbaloneError)
    assert "train_table.parquet is not there, but the ETL job has written train_table" in str(caught.value)
    assert "ABALONE_INGESTION_ENGINE=glue" in str(caught.value)


def test_table_that_only_the_pipelines_have_written_is_not_there_for_the_job_which_is_told_so(tmp_path: Path) -> None:
    dataset(tmp_path, "pandas").save(ROWS)

    with pytest.raises(DatasetError, match=r"ABALONE_INGESTION_ENGINE=pandas, and read .*train_table\.parquet"):
        dataset(tmp_path, "glue").load()


def test_manifest_that_is_none_is_an_error_that_names_it(parts: Path) -> None:
    (parts / "03_primary" / "tables.json").write_text("[]")

    with pytest.raises(DatasetError, match=r"tables\.json does not say which files the tables have"):
        dataset(parts, "glue").load()


def test_description_says_where_the_rows_come_from(parts: Path) -> None:
    assert "tables.json" in str(dataset(parts, "glue"))
