"""What is compiled where the Glue job makes the tables."""

import json
import re
from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.compilation import Compiled
from abalone.sagemaker.input_versions import NOTHING, check_unchanged, listing_digest
from abalone.sagemaker.project import open_project, pipeline_of_jobs
from abalone.sagemaker.storage import place

TABLE = {"type": "abalone.datasets.table.TableDataset", "table": "train_table", "engine": "glue"}


def told(compiled: Compiled, step: str) -> str:
    """The variables of a step's job, as text."""
    (found,) = (each for each in compiled.definition["Steps"] if each["Name"] == step)
    return json.dumps(found["Arguments"]["Environment"])


def test_jobs_begin_with_the_training(compiled_for_glue: Compiled) -> None:
    steps = compiled_for_glue.definition["Steps"]

    assert [(step["Name"], step.get("DependsOn")) for step in steps] == [
        ("training", None),
        ("evaluation", ["training"]),
        ("gate", ["evaluation"]),
    ]


def test_version_of_the_tables_is_what_an_execution_is_told_and_the_cache_asks(compiled_for_glue: Compiled) -> None:
    parameters = compiled_for_glue.definition["Parameters"]
    required = {parameter["Name"] for parameter in parameters if "DefaultValue" not in parameter}

    assert required == {
        "train_table-version",
        "test_table-version",
        "ingestion_report-version",
        "champion-version",
        "tuned_hyperparameters-version",
    }
    assert set(re.findall(r"Parameters\.([\w-]+-version)", told(compiled_for_glue, "training"))) == {
        "train_table-version",
        "tuned_hyperparameters-version",
    }


@pytest.mark.parametrize("step", ["training", "evaluation"])
def test_job_hears_of_the_engine(compiled_for_glue: Compiled, step: str) -> None:
    assert json.loads(told(compiled_for_glue, step))["ABALONE_INGESTION_ENGINE"] == "glue"


def test_pipeline_that_glue_does_whole_is_refused(account: pytest.MonkeyPatch) -> None:
    account.setenv("ABALONE_INGESTION_ENGINE", "glue")

    with open_project("dev") as context, pytest.raises(AbaloneError, match="Glue job does all that 'ingestion' does"):
        pipeline_of_jobs("ingestion", context.config_loader)


def test_table_is_in_the_state_that_the_manifest_is_in(tmp_path: Path) -> None:
    table = {**TABLE, "filepath": str(tmp_path / "train_table.parquet"), "manifest": str(tmp_path / "tables.json")}
    assert listing_digest(place(table)) == NOTHING
    (tmp_path / "tables.json").write_text("{}")
    told = {"train_table": listing_digest(place(table))}
    check_unchanged(told, {"train_table": table})

    (tmp_path / "tables.json").write_text('{"run": "2"}')

    with pytest.raises(AbaloneError, match=r"train_table at .*tables\.json has changed since this execution"):
        check_unchanged(told, {"train_table": table})


def test_table_of_the_pipelines_is_where_its_file_is() -> None:
    table = {**TABLE, "engine": "pandas", "filepath": "s3://b/train_table.parquet", "manifest": "s3://b/tables.json"}

    assert place(table) == "s3://b/train_table.parquet"
