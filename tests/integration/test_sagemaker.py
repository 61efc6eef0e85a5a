"""The compiled definition, executed on this machine on a real S3 and SageMaker API: a first run, and those after it."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from abalone.model.artifact import artifact_from_files
from abalone.pipelines.monitoring.metrics import METRICS
from abalone.rehearsal.local_aws import local_aws
from abalone.schema import MEASUREMENT_NAMES
from support import served, training
from support.project import Project
from support.sagemaker_run import JOBS, STORAGE, SageMakerProject, new_sagemaker_project


@pytest.fixture(scope="module")
def aws_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SageMakerProject]:
    """A project after its first run. The tests that follow run it again, and leave the models alone."""
    with local_aws() as aws:
        project = new_sagemaker_project(aws, tmp_path_factory.mktemp("scratch"))
        completed = project.run()
        assert completed.returncode == 0, completed.stdout + completed.stderr
        assert all(job in completed.stdout for job in JOBS)
        yield project


def numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for member in value.values() for number in numbers(member)]
    if isinstance(value, list):
        return [number for member in value for number in numbers(member)]
    return [float(value)] if isinstance(value, int | float) else []


def test_outcome_is_that_of_a_run_on_local_files(aws_project: SageMakerProject, finished_project: Project) -> None:
    local = finished_project.data / "08_reporting"

    for group, report in (
        ("evaluation", "metrics.json"),
        ("evaluation", "comparison.json"),
        ("evaluation", "gate.json"),
    ):
        here, there = json.loads((local / report).read_text()), json.loads(aws_project.written(group, report))
        assert numbers(there) == pytest.approx(numbers(here), abs=1e-9)
    for group, report in (("training", "cross_validation.csv"), ("ingestion", "quarantine.csv")):
        assert aws_project.written(group, report) == (local / report).read_bytes()
    pd.testing.assert_frame_equal(
        aws_project.table("evaluation", "test_predictions.parquet"),
        pd.read_parquet(finished_project.data / "07_model_output" / "test_predictions.parquet"),
    )


def test_registered_model_is_the_champion_with_its_metrics_and_its_origin(aws_project: SageMakerProject) -> None:
    package, *_ = aws_project.packages()

    container = package["InferenceSpecification"]["Containers"][0]
    key = container["ModelDataUrl"].removeprefix(f"s3://{aws_project.aws.bucket}/")
    with tarfile.open(fileobj=io.BytesIO(aws_project.read(key))) as archive:
        files = {Path(member.name).name: archive.extractfile(member).read() for member in archive if member.isfile()}
    assert artifact_from_files(files).digest == aws_project.champion()["digest"]
    statistics = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    quality = json.loads(aws_project.read(statistics.removeprefix(f"s3://{aws_project.aws.bucket}/")))
    metrics = json.loads(aws_project.written("evaluation", "metrics.json"))
    assert quality["regression_metrics"]["rmse"]["value"] == metrics["overall"]["rmse"]["value"]
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    assert package["CustomerMetadataProperties"]["artifact_digest"] == aws_project.champion()["digest"]
    assert package["CustomerMetadataProperties"]["champion_version"] == "none"
    assert len(package["CustomerMetadataProperties"]["landing_batches_version"]) == 32


def test_no_pickle_crosses_from_job_to_job(aws_project: SageMakerProject) -> None:
    kinds = {key.rsplit(".", 1)[-1] for key in aws_project.keys(STORAGE)}

    assert kinds == {"parquet", "json", "csv", "png", "md", "html", "gz"}


def test_second_run_is_answered_from_the_cache_and_registers_nothing_twice(aws_project: SageMakerProject) -> None:
    executed, packages, champion = aws_project.executed(), aws_project.packages(), aws_project.champion()

    completed = aws_project.run()

    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert completed.stdout.count("cache") >= len(JOBS)
    assert aws_project.executed() == executed
    assert len(aws_project.packages()) == len(packages)
    assert aws_project.champion() == champion


def test_parameters_of_a_run_reach_every_job_and_a_new_candidate_is_trained(aws_project: SageMakerProject) -> None:
    executed = aws_project.executed()

    small = {"estimator": "kernel", "landmarks": 50, "length_scale": 5.0, "ridge": 0.2}
    wanted = {
        "ingestion": {"parts_tolerance": 0.0},
        "feature_engineering": {"ring_bands": [9]},
        "training": {"intervals": {"level": 0.8}, "candidates": {"small": small}},
        "evaluation": {"bootstrap": {"confidence": 0.8}},
    }

    completed = aws_project.run("--params", json.dumps(wanted))

    assert "parameters" not in completed.stderr, completed.stderr
    assert aws_project.executed() == sorted([*executed, *JOBS])
    flags = json.loads(aws_project.written("ingestion", "ingestion_report.json"))["flags"]
    assert flags["parts_within_whole"] > 100  # parts that weigh more than the whole by however little
    assert len(json.loads(aws_project.written("feature_engineering", "split_report.json"))["strata"]["rings"]) == 2
    assert json.loads(aws_project.written("evaluation", "metrics.json"))["confidence"] == 0.8
    checks = json.loads(aws_project.written("evaluation", "gate.json"))["checks"]
    assert "76.5% to 83.5% is asked for" in checks[-1]["detail"]
    assert b"small" in aws_project.written("training", "cross_validation.csv")


def test_changed_parameter_executes_what_depends_on_it_again_and_a_model_that_the_gate_refuses_is_not_registered(
    aws_project: SageMakerProject,
) -> None:
    executed, packages, champion = aws_project.executed(), aws_project.packages(), aws_project.champion()

    completed = aws_project.run(
        "--params", "evaluation.gate.coverage_tolerance=0.0001,evaluation.bootstrap.confidence=0.9"
    )

    assert completed.returncode == 1
    assert "did not pass the gate: intervals contain" in completed.stdout + completed.stderr
    assert aws_project.executed() == sorted([*executed, "evaluation"])
    assert json.loads(aws_project.written("evaluation", "metrics.json"))["confidence"] == 0.9
    assert len(aws_project.packages()) == len(packages)
    assert aws_project.champion() == champion


def test_champion_whose_record_is_lost_is_promoted_again(aws_project: SageMakerProject) -> None:
    executed, champion = aws_project.executed(), aws_project.champion()
    s3, bucket = aws_project.aws.client("s3"), aws_project.aws.bucket
    s3.delete_object(Bucket=bucket, Key="data/06_models/champion.json")

    completed = aws_project.run()

    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert aws_project.executed() == sorted([*executed, "evaluation"])
    again = aws_project.champion()
    assert {name: again[name] for name in ("version", "digest")} == {
        name: champion[name] for name in ("version", "digest")
    }


def test_model_that_is_trained_again_is_no_rival_of_itself(aws_project: SageMakerProject) -> None:
    packages, champion = aws_project.packages(), aws_project.champion()

    without_cache, afterwards = aws_project.run("--no-cache"), aws_project.run()

    assert without_cache.returncode == 0, without_cache.stdout + without_cache.stderr
    assert afterwards.returncode == 0, afterwards.stdout + afterwards.stderr
    assert aws_project.champion() == champion
    assert len(aws_project.packages()) == len(packages)


def test_new_batch_executes_everything_again(aws_project: SageMakerProject) -> None:
    executed = aws_project.executed()
    batch = b"sex,length,diameter,height,whole_weight,shucked_weight,viscera_weight,shell_weight,rings\n"
    rows = b"M,0.5,0.4,0.13,0.6,0.25,0.12,0.18,9\n"
    s3, landed = aws_project.aws.client("s3"), {"Bucket": aws_project.aws.bucket, "Key": "data/01_raw/landing/more.csv"}
    s3.put_object(**landed, Body=batch + rows)

    aws_project.run()

    s3.delete_object(**landed)
    assert aws_project.executed() == sorted([*executed, *JOBS])
    assert json.loads(aws_project.written("ingestion", "ingestion_report.json"))["batches"].keys() == {
        "more",
        "uci_abalone",
    }


def test_monitoring_reports_where_people_look_publishes_its_metrics_and_lands_the_labelled_rows(
    aws_project: SageMakerProject,
) -> None:
    s3, bucket, version = aws_project.aws.client("s3"), aws_project.aws.bucket, aws_project.champion()["version"]
    # animals that differ, as labelled rows of a window in alarm are held back
    survey = training.survey_table().sample(120, random_state=3)[list(MEASUREMENT_NAMES)]
    animals = survey.to_csv(index=False, header=False).splitlines(keepends=True)
    captures = {
        served.capture_path(): b"".join(
            served.event(f"e{number}", version=version, request=animal.encode())
            for number, animal in enumerate(animals)
        ),
        served.label_path(): b"".join(served.label(f"e{number}") for number in range(60)),
    }
    for path, content in captures.items():
        s3.put_object(Bucket=bucket, Key=f"data/01_raw/captures/{path}.jsonl", Body=content)

    completed = aws_project.run("--pipeline", "monitoring")

    assert completed.returncode == 0, completed.stdout + completed.stderr
    report = json.loads(aws_project.read("data/08_reporting/monitoring_report.json"))
    assert (report["window"]["rows"], report["counts"]["labelled_rows"]) == (120, 60)
    assert b"</html>" in aws_project.read("data/08_reporting/monitoring.html")
    published = aws_project.aws.client("cloudwatch").list_metrics(Namespace="Abalone")["Metrics"]
    assert {metric["MetricName"] for metric in published} == set(METRICS)
    batch = aws_project.read("data/01_raw/landing/feedback_abalone_2026-09-21.csv")
    assert len(batch.splitlines()) == 61
