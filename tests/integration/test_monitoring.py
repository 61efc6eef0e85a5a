"""What the service has captured is monitored, and what was labelled comes back as a batch."""

import json
import shutil
import subprocess
from typing import Any

import boto3
import pandas as pd
import pytest

from abalone.pipelines.monitoring.metrics import METRICS
from abalone.schema import COLUMN_NAMES, MEASUREMENT_NAMES, RINGS
from support.project import Project
from support.s3 import REGION, S3
from support.service import running_service

BATCH, SINGLES, LABELLED = 300, 20, 120
REPORTING = "08_reporting"


def held_out(project: Project) -> pd.DataFrame:
    """The test rows, shuffled: in the order of collection the first ones would be of one site."""
    table = pd.read_parquet(project.data / "05_model_input" / "test_table.parquet")[list(COLUMN_NAMES)]
    return table.sample(frac=1.0, random_state=1, ignore_index=True)


def csv_of(rows: pd.DataFrame, *, header: bool) -> bytes:
    return rows[list(MEASUREMENT_NAMES)].to_csv(index=False, header=header).encode()


@pytest.fixture(scope="module")
def served(
    finished_run: tuple[Project, subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """A project whose champion has answered, and been told some of the rings; its captures have suffered since."""
    original, completed = finished_run
    assert completed.returncode == 0, completed.stderr
    project = Project(tmp_path_factory.mktemp("served") / "data")
    shutil.copytree(original.data, project.data)
    table = held_out(project)
    captures = project.data / "01_raw" / "captures"
    champion = project.data / "06_models" / "champion.json"
    with running_service(champion, capture=captures) as service, service.client() as client:
        batch = table[:BATCH]
        answer = client.post(
            "/invocations", json=batch[list(MEASUREMENT_NAMES)].to_dict(orient="records")
        ).raise_for_status()
        name = answer.json()["inference_id"]
        for _, row in table[BATCH : BATCH + SINGLES].iterrows():
            single = csv_of(row.to_frame().T, header=True)
            client.post("/invocations", content=single, headers={"Content-Type": "text/csv"}).raise_for_status()
        reported = client.post(
            "/invocations?invalid_rows=report",
            content=csv_of(table[:2], header=False) + b"M,,abc,0.1,0.5,0.2,0.1,0.15\n",
            headers={"Content-Type": "text/csv"},
        )
        assert "length is missing" in reported.raise_for_status().text
        for number, rings in enumerate(batch[RINGS.name][:LABELLED].tolist(), 1):
            label = {"inference_id": name, "row": number, "rings": int(rings)}
            client.post("/feedback", json=label).raise_for_status()
        client.post("/feedback", json={"inference_id": "of-nobody", "row": 1, "rings": 9}).raise_for_status()
    files = sorted((captures / "abalone" / "local").rglob("*.jsonl"))
    files[0].with_name("99-copied.jsonl").write_bytes(b"".join(file.read_bytes() for file in files)[:-40])
    return project


@pytest.fixture(scope="module")
def monitored(served: Project) -> Project:
    """The same, after a run of the pipeline."""
    completed = served.run("--pipelines", "monitoring")
    assert completed.returncode == 0, completed.stderr
    return served


def report_of(project: Project) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((project.data / REPORTING / "monitoring_report.json").read_text("utf-8"))
    return loaded


def test_every_line_and_row_that_the_service_captured_is_counted(monitored: Project) -> None:
    counts = report_of(monitored)["counts"]

    whole = 1 + SINGLES + 1
    assert counts["events"] == whole
    assert (counts["lines"], counts["duplicate_events"], counts["truncated_lines"]) == (2 * whole, whole - 1, 1)
    assert (counts["rows"], counts["refused_rows"], counts["foreign_version_rows"]) == (BATCH + SINGLES + 2, 1, 0)
    assert (counts["labels"], counts["labelled_rows"], counts["unmatched_labels"]) == (LABELLED + 1, LABELLED, 1)


def test_report_history_and_metrics_tell_the_same(monitored: Project) -> None:
    report, folder = report_of(monitored), monitored.data / REPORTING

    history = pd.read_csv(folder / "monitoring_history.csv")
    metrics = json.loads((folder / "monitoring_metrics.json").read_text("utf-8"))

    assert history["decision"].tolist() == [report["decision"]]
    assert metrics["served_rows"] == report["window"]["rows"] == history["rows"][0] == BATCH + SINGLES + 2
    assert metrics["rmse"] == report["performance"]["rmse"]["value"] == pytest.approx(history["rmse"][0])
    assert (folder / "monitoring.html").read_text("utf-8").lower().startswith("<!doctype html>")


def test_animals_like_those_of_the_training_ask_for_no_retraining(monitored: Project) -> None:
    report = report_of(monitored)

    assert report["decision"] in {"ok", "watch"}
    assert json.loads((monitored.data / REPORTING / "retraining_request.json").read_text("utf-8")) == {}


def test_labelled_rows_come_back_as_a_batch_whether_or_not_anything_was_monitored(served: Project) -> None:
    (served.data / REPORTING / "monitoring_history.csv").unlink(missing_ok=True)

    completed = served.run("--pipelines", "feedback")

    assert completed.returncode == 0, completed.stderr
    (batch,) = (served.data / "01_raw" / "landing").glob("feedback_abalone_*.csv")
    assert f"Landed     {LABELLED}\n           - {batch}\n" in completed.stdout
    expected = held_out(served)[:LABELLED].reset_index(drop=True)
    pd.testing.assert_frame_equal(pd.read_csv(batch), expected, check_dtype=False, check_exact=True)


def test_project_without_captures_says_what_to_do(finished_project: Project) -> None:
    completed = finished_project.run("--pipelines", "monitoring")

    assert completed.returncode == 1
    last = completed.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: nothing has been captured")
    assert "make serve" in last
    assert "Traceback" not in completed.stderr


def test_captures_in_a_bucket_are_monitored_and_cloudwatch_is_told(monitored: Project, s3: S3) -> None:
    data = monitored.data
    for path in [*(data / "01_raw" / "captures").rglob("*"), *(data / "06_models").rglob("*")]:
        if path.is_file():
            s3.client.upload_file(str(path), s3.bucket, f"data/{path.relative_to(data).as_posix()}")

    completed = monitored.run("--env", "dev", "--pipelines", "monitoring,feedback", env=s3.env)

    assert completed.returncode == 0, completed.stderr
    assert json.loads(s3.read(f"data/{REPORTING}/monitoring_report.json"))["counts"] == report_of(monitored)["counts"]
    assert [key for key in s3.keys("data/01_raw/landing/") if "/feedback_abalone_" in key]
    assert f"Decision   {report_of(monitored)['decision']}\n           - " in completed.stdout
    assert f"Report     s3://{s3.bucket}/data/{REPORTING}/monitoring.html\n" in completed.stdout
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    cloudwatch = boto3.client("cloudwatch", endpoint_url=s3.endpoint, region_name=REGION, **keys)
    metrics = cloudwatch.list_metrics(Namespace="Abalone")["Metrics"]
    assert {metric["MetricName"] for metric in metrics} == set(METRICS)


def test_window_of_the_past_leaves_alone_what_tells_of_now(monitored: Project) -> None:
    folder = monitored.data / REPORTING
    of_now = [folder / name for name in ("monitoring.html", "monitoring_metrics.json", "retraining_request.json")]
    before = [file.read_bytes() for file in of_now]
    until = report_of(monitored)["window"]["to"]

    completed = monitored.run("--pipelines", "monitoring", "--params", f"monitoring.window.until={until}")

    assert completed.returncode == 0, completed.stderr
    assert [file.read_bytes() for file in of_now] == before
    assert "This is about the past" in (folder / "monitoring_past.html").read_text("utf-8")
    assert f"{folder}/monitoring_past.html" in completed.stdout
