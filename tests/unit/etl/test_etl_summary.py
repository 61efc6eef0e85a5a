import io
from pathlib import Path

import pytest
from rich.console import Console

from abalone.etl.arguments import Options
from abalone.etl.configuration import Configuration
from abalone.etl.summary import next_command, show

GO_ON = ".venv/bin/kedro run --env {} --pipelines training,evaluation"
REPORT = {
    "rows_in": 3007,
    "accepted": 2999,
    "quarantined": 6,
    "duplicates": 2,
    "refused_batches": {"north": "its delimiter is ';'"},
}


def configured(engine: str, data: str = "/here/data") -> Configuration:
    return Configuration(data, {"engine": engine}, {})


def asked(environment: str = "base", data: str | None = None) -> Options:
    return Options(environment, Path("conf"), data, 1)


def shown(engine: str, data: str = "/here/data", environment: str = "base") -> str:
    file = io.StringIO()
    show(REPORT, configured(engine, data), asked(environment, data), Console(file=file, width=120, soft_wrap=True))
    return file.getvalue()


def test_every_row_and_every_refused_batch_is_accounted_for() -> None:
    text = shown("glue")

    assert "3,007 in = 2,999 accepted + 6 quarantined + 2 duplicates\n" in text
    assert "- batch north was refused: its delimiter is ';'" in text


def test_places_of_tables_reports_and_quarantine_are_named() -> None:
    text = shown("glue")

    for place in ("03_primary/tables.json", "08_reporting", "08_reporting/quarantine.csv"):
        assert f" /here/data/{place}\n" in text


def test_command_that_goes_on_is_named_and_an_engine_that_does_not_see_the_tables_is_told() -> None:
    assert shown("glue").endswith(f"{GO_ON.format('base')}\n")

    text = shown("pandas")

    assert f" ABALONE_INGESTION_ENGINE=glue {GO_ON.format('base')}\n" in text
    assert "The engine is pandas, which does not see these tables" in text


@pytest.mark.parametrize(
    ("environment", "data", "variables"),
    [
        ("base", "my data", "ABALONE_DATA='/here/my data' "),
        ("dev", "s3://bucket/data", "ABALONE_BUCKET=bucket "),
        ("dev", "s3://bucket/data/", "ABALONE_BUCKET=bucket "),
        ("dev", None, ""),
    ],
)
def test_command_that_goes_on_finds_the_data_that_was_asked_for(
    environment: str, data: str | None, variables: str
) -> None:
    place = "/here/my data" if data == "my data" else "s3://bucket/data"

    command = next_command(configured("glue", place), asked(environment, data))

    assert command == variables + GO_ON.format(environment)


@pytest.mark.parametrize(
    ("environment", "data"),
    [("dev", "s3://bucket/surveys/data"), ("dev", "s3://bucket"), ("base", "s3://bucket/data"), ("dev", "/here/data")],
)
def test_folder_that_no_environment_reads_has_no_command_that_goes_on(environment: str, data: str) -> None:
    assert next_command(configured("glue", data), asked(environment, data)) is None
    assert "no environment of conf/ reads this folder" in shown("glue", data, environment)
