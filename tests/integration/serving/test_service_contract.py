"""The service as SageMaker starts and asks it: a process of its own."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import numpy as np
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from abalone.model.artifact import Predictions, load_artifact
from abalone.schema import MEASUREMENT_NAMES, NUMBER_NAMES
from support.service import RunningService, running_service
from support.training import SURVEY, survey_table
from support.waiting import await_that

HEADER = ",".join(MEASUREMENT_NAMES)
LINE = "F,0.53,0.42,0.135,0.677,0.2565,0.1415,0.21"
IMPOSSIBLE_LINE = "F,0.53,0.42,0.5,0.677,0.2565,0.1415,0.21"
CSV = {"Content-Type": "text/csv"}
SIX_MEGABYTES = 6_000_000


@pytest.fixture(scope="module")
def service(artifact_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Started with SageMaker's own variables."""
    capture = tmp_path_factory.mktemp("captures")
    env = {"SM_MODEL_DIR": str(artifact_directory), "SAGEMAKER_MODEL_SERVER_WORKERS": "2"}
    with running_service(None, env=env, capture=capture) as service:
        yield service


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with SURVEY.open(newline="") as file:
        return list(csv.DictReader(file))[:500]


@pytest.fixture(scope="module")
def expected(artifact_directory: Path) -> Predictions:
    return load_artifact(artifact_directory).predict(survey_table().head(500))


def runtime(service: RunningService):  # boto3 makes its clients' types at run time
    return boto3.client(
        "sagemaker-runtime",
        endpoint_url=service.url,
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )


def as_records(rows: list[dict[str, str]]) -> list[dict[str, object]]:
    return [{"sex": row["sex"], **{name: float(row[name]) for name in NUMBER_NAMES}} for row in rows]


def as_csv(rows: list[dict[str, str]]) -> bytes:
    return "".join(",".join(row[name] for name in MEASUREMENT_NAMES) + "\n" for row in rows).encode()


def as_json_lines(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in as_records(rows)).encode()


def test_ping_names_the_model_that_answers(service: RunningService, artifact_directory: Path) -> None:
    with service.client() as client:
        answer = client.get("/ping")

    assert answer.json() == {"status": "ok", "model_version": load_artifact(artifact_directory).digest[:12]}


@pytest.mark.parametrize("form", ["records", "instances", "json lines", "csv", "csv with header"])
@pytest.mark.parametrize("accept", ["application/json", "application/jsonlines", "text/csv"])
def test_runtime_client_gets_the_same_answers_in_every_format(
    service: RunningService, rows: list[dict[str, str]], expected: Predictions, form: str, accept: str
) -> None:
    content_type, body = {
        "records": ("application/json", json.dumps(as_records(rows)).encode()),
        "instances": ("application/json", json.dumps({"instances": as_records(rows)}).encode()),
        "json lines": ("application/jsonlines", as_json_lines(rows)),
        "csv": ("text/csv", as_csv(rows)),
        "csv with header": ("text/csv", f"{HEADER}\n".encode() + as_csv(rows)),
    }[form]

    answer = runtime(service).invoke_endpoint(
        EndpointName="abalone", ContentType=content_type, Accept=accept, Body=body
    )

    text = answer["Body"].read().decode()
    assert answer["ContentType"] == accept
    if accept == "text/csv":
        lines = list(csv.reader(io.StringIO(text)))
        assert (lines[0][0] == "rings") == (form == "csv with header")
        answers = [[float(value) for value in line[:3]] for line in lines if line[0] != "rings"]
    else:
        predictions = (
            json.loads(text)["predictions"]
            if accept == "application/json"
            else [json.loads(line) for line in text.splitlines()]
        )
        answers = [[each["rings"], each["lower_rings"], each["upper_rings"]] for each in predictions]
    np.testing.assert_allclose(np.array(answers), np.column_stack(expected), rtol=0, atol=1e-6)


def test_runtime_client_can_ask_for_a_report_and_names_its_inference(service: RunningService) -> None:
    answer = runtime(service).invoke_endpoint(
        EndpointName="abalone",
        ContentType="text/csv",
        Accept="application/json",
        CustomAttributes="invalid_rows=report",
        InferenceId="survey-7/1",
        Body=f"{LINE}\n{IMPOSSIBLE_LINE}\n{LINE}\n",
    )

    body = json.loads(answer["Body"].read())
    assert body["inference_id"] == "survey-7/1"
    assert [list(each) for each in body["predictions"]][1] == ["errors"]
    assert body["predictions"][0]["rings"] == pytest.approx(body["predictions"][2]["rings"])
    assert body["predictions"][1]["errors"][0]["column"] == "height"


def test_runtime_client_gets_a_refusal_with_row_and_column(service: RunningService) -> None:
    with pytest.raises(ClientError) as refused:
        runtime(service).invoke_endpoint(
            EndpointName="abalone", ContentType="text/csv", Body=f"{LINE}\n{IMPOSSIBLE_LINE}\n"
        )

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 422


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({"Content-Type": "text/plain"}, LINE, 415, "unsupported_media_type"),
        ({}, LINE, 415, "unsupported_media_type"),
        (CSV | {"Content-Encoding": "gzip"}, LINE, 415, "unsupported_encoding"),
        (CSV | {"Accept": "text/html"}, LINE, 406, "not_acceptable"),
        (CSV, IMPOSSIBLE_LINE, 422, "invalid_rows"),
        (CSV, "", 422, "no_rows"),
        (CSV, "x" * (25 * 1024 * 1024 + 1), 413, "body_too_large"),
    ],
)
def test_refusal_is_json_of_one_shape(
    service: RunningService, headers: dict[str, str], body: str, status: int, code: str
) -> None:
    with service.client() as client:
        answer = client.post("/invocations", content=body.encode(), headers={"Accept": "*/*"} | headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert set(answer.json()) == {"error", "request_id"}
    assert set(answer.json()["error"]) == {"code", "message", "problems", "problem_count"}
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_refused_row_is_named_by_number_column_and_reason(service: RunningService) -> None:
    with service.client() as client:
        answer = client.post("/invocations", content=f"{HEADER}\n{LINE}\n{IMPOSSIBLE_LINE}\n", headers=CSV)

    assert answer.json()["error"]["message"] == (
        "row 2, column height: height 0.5 is not below diameter 0.42 (1 of 2 rows is invalid)"
    )


@pytest.mark.parametrize("content_type", ["text/csv", "application/jsonlines"])
def test_batch_transform_of_six_megabytes_is_answered_row_for_row(
    service: RunningService, rows: list[dict[str, str]], expected: Predictions, content_type: str
) -> None:
    once = as_csv(rows) if content_type == "text/csv" else as_json_lines(rows)
    times = SIX_MEGABYTES // len(once)

    with service.client() as client:
        answer = client.post("/invocations", content=once * times, headers={"Content-Type": content_type})

    lines = answer.text.splitlines()
    read = (
        (lambda line: float(line.split(",")[0]))
        if content_type == "text/csv"
        else (lambda line: json.loads(line)["rings"])
    )
    assert len(once * times) > 0.95 * SIX_MEGABYTES
    assert len(lines) == times * len(rows)
    np.testing.assert_allclose([read(line) for line in lines], np.tile(expected.rings, times), rtol=0, atol=1e-6)


def test_model_is_described(service: RunningService, artifact_directory: Path) -> None:
    metadata = json.loads((artifact_directory / "metadata.json").read_text())
    with service.client() as client:
        card = client.get("/model").json()

    assert card["digest"] == load_artifact(artifact_directory).digest
    assert card["metrics"] == metadata["cross_validation"]
    assert card["training_data"]["sha256"] == metadata["training_data"]["sha256"]
    assert card["created_at"] == metadata["created_at"]


def test_metrics_count_rows_of_all_workers(service: RunningService) -> None:
    def count(name: str) -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))

    with service.client() as client:
        predicted, invalid = 'abalone_rows_total{outcome="predicted"}', 'abalone_rows_total{outcome="invalid"}'
        before = count(predicted), count(invalid), count("abalone_predicted_rings_total")
        for _ in range(20):  # connections of their own, so that every worker has some
            with service.client() as other:
                other.post("/invocations?invalid_rows=report", content=f"{LINE}\n{IMPOSSIBLE_LINE}\n", headers=CSV)

        assert count(predicted) == before[0] + 20
        assert count(invalid) == before[1] + 20
        assert count("abalone_predicted_rings_total") == before[2] + 20
        assert count('abalone_request_duration_seconds_count{route="/invocations"}') >= 20
        assert count("abalone_model_info") == 1


def test_documentation_is_served_from_here(service: RunningService) -> None:
    with service.client() as client:
        page = client.get("/docs")
        document = client.get("/openapi.json").json()
        assets = [client.get(f"/{link}") for link in ("static/swagger/swagger-ui-bundle.js", "static/docs.js")]

    assert "http" not in page.text.partition("<body>")[0].replace("https://www.w3.org", "")
    assert {"/ping", "/invocations", "/model", "/metrics", "/feedback"} == set(document["paths"])
    assert document["components"]["schemas"]["Measurement"]["properties"]["length"]["maximum"] == 1.25
    assert [asset.status_code for asset in assets] == [200, 200]


def test_every_answer_has_security_headers(service: RunningService) -> None:
    with service.client() as client:
        answers = [client.get("/"), client.get("/nowhere"), client.post("/invocations", content=LINE, headers=CSV)]

    assert [answer.headers["X-Content-Type-Options"] for answer in answers] == ["nosniff"] * 3
    assert "default-src 'none'" in answers[0].headers["Content-Security-Policy"]
    assert all("server" not in answer.headers for answer in answers)
    assert all("access-control-allow-origin" not in answer.headers for answer in answers)


def test_log_names_requests_and_shows_no_measurement(service: RunningService) -> None:
    with service.client() as client:
        client.post(
            "/invocations",
            content="F,0.53,0.42,0.512345,0.677,0.2565,0.1415,0.21",
            headers=CSV | {"X-Request-Id": "log-1"},
        )

    # A request is logged after its answer has gone out.
    await_that(lambda: any(each.get("request_id") == "log-1" for each in service.log), "the request is not logged")
    (record,) = [each for each in service.log if each.get("request_id") == "log-1"]
    assert (record["status"], record["level"], record["message"]) == (422, "INFO", "POST /invocations 422")
    assert "0.512345" not in service.log_path.read_text()


def test_service_loads_neither_kedro_nor_pandas_nor_an_aws_library() -> None:
    code = (
        "import sys, abalone.serving.app, abalone.serving.server\n"
        "print({name.partition('.')[0] for name in sys.modules}"
        " & {'kedro', 'pandas', 'sklearn', 'scipy', 'boto3', 'sagemaker', 'skops', 'onnx'})"
    )

    completed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert completed.stdout.strip() == "set()"
