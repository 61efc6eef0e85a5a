"""The ETL makes of any landing zone what the pipelines make of it: same rows, reasons, sides and reports."""

import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from abalone.errors import AbaloneError
from abalone.etl import tasks
from abalone.etl.arguments import SPLIT_BYTES
from abalone.etl.folder import DataFolder
from abalone.etl.job import run
from abalone.etl.manifest import current_tables, swap_tables
from abalone.etl.metrics import METRICS, put_metrics
from support.project import Project
from support.s3 import REGION, S3
from support.tables import assert_same, configuration, land

MANY_MAY_BE_BAD = {"max_quarantined_fraction": 0.5}
FEW_FITS = ("--params", "training.cross_validation.folds=2,training.cross_validation.blocks=2")


def test_landing_zone_in_a_folder_with_its_batches_cut(
    spark: SparkSession, landing_zone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress: list[str] = []
    monkeypatch.setattr(tasks, "_INTERVAL_SECONDS", 0.01)
    monkeypatch.setattr(tasks.logger, "info", progress.append)
    land(landing_zone, tmp_path)
    configured = configuration(str(tmp_path), **MANY_MAY_BE_BAD)
    configured.feature_engineering["held_out_rows"] = 300

    report = run(spark, configured, split_bytes=40_000)

    assert {line.split()[0] for line in progress} >= {"counted", "parsed", "gathered", "wrote", "split"}
    assert report["duplicates"] > 300
    assert report["quarantined"] > 50
    assert 200 < len((tmp_path / "05_model_input" / "held_out.csv").read_text().splitlines()) < 400
    assert_same(str(tmp_path), lambda path: (tmp_path / path).read_bytes(), landing_zone, configured)


def test_landing_zone_on_s3_from_which_the_training_goes_on(
    spark: SparkSession, landing_zone: dict[str, bytes], s3: S3, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3.env.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setitem(spark.sparkContext.environment, name, value)
    for name, raw in landing_zone.items():
        s3.client.put_object(Bucket=s3.bucket, Key=f"data/01_raw/landing/{name}", Body=raw)
    data = f"s3://{s3.bucket}/data"
    configured = configuration(data, **MANY_MAY_BE_BAD)

    run(spark, configured, SPLIT_BYTES)
    training = ("--env", "dev", "--pipelines", "training", *FEW_FITS)
    completed = project.run(*training, env={**s3.env, "ABALONE_INGESTION_ENGINE": "glue"})

    assert_same(data, lambda path: s3.read(f"data/{path}"), landing_zone, configured)
    assert completed.returncode == 0, completed.stderr
    assert s3.keys("data/06_models/")
    made = {key: s3.read(key) for key in s3.keys("data/03_primary/")}

    run(spark, configured, SPLIT_BYTES)

    assert {key: s3.read(key) for key in s3.keys("data/03_primary/")} == made


def test_of_two_runs_at_once_on_s3_the_second_leaves_the_tables_of_the_first(
    s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3.env.items():
        monkeypatch.setenv(name, value)
    folder = DataFolder(f"s3://{s3.bucket}/data")

    for run_before, runs in (None, "ab"), ("a", "cd"):
        first, second = current_tables(folder), current_tables(folder)
        swap_tables(folder, runs[0], "inputs", {}, first)
        with pytest.raises(AbaloneError, match="changed by another run while this one was at work: run again"):
            swap_tables(folder, runs[1], "inputs", {}, second)

        made = json.loads(s3.read("data/03_primary/tables.json"))
        assert (made["run"], made["previous"] and made["previous"]["run"]) == (runs[0], run_before)


def test_counts_of_a_run_are_metrics_of_its_environment(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3.env.items():
        monkeypatch.setenv(name, value)

    put_metrics("dev", {"rows_in": 10, "accepted": 7, "quarantined": 2, "duplicates": 1}, seconds=3.5)

    import boto3  # noqa: PLC0415 - where the service is is known by now

    listed = boto3.client("cloudwatch", region_name=REGION).list_metrics(Namespace="Abalone")["Metrics"]
    assert {metric["MetricName"] for metric in listed} == set(METRICS)
    assert all(metric["Dimensions"] == [{"Name": "environment", "Value": "dev"}] for metric in listed)
