"""What the service does beyond predictions where its settings say so: keys, limits, origins, captures."""

import json
from pathlib import Path

from support.service import running_service

LINE = "F,0.53,0.42,0.135,0.677,0.2565,0.1415,0.21"
CSV = {"Content-Type": "text/csv"}


def test_api_key_is_asked_for_where_one_is_set(artifact_directory: Path) -> None:
    with running_service(artifact_directory, api_key="open sesame") as service, service.client() as client:
        statuses = {
            path: client.get(path).status_code
            for path in ("/", "/ping", "/docs", "/static/docs.js", "/model", "/metrics")
        }
        wrong = client.get("/model", headers={"X-Api-Key": "open"})
        right = [
            client.get("/model", headers={"X-Api-Key": "open sesame"}).status_code,
            client.get("/model", headers={"Authorization": "Bearer open sesame"}).status_code,
        ]

    assert statuses == {"/": 200, "/ping": 200, "/docs": 200, "/static/docs.js": 200, "/model": 401, "/metrics": 401}
    assert wrong.json()["error"]["code"] == "unauthorized"
    assert right == [200, 200]


def test_client_that_asks_too_often_is_told_when_to_go_on(artifact_directory: Path) -> None:
    with running_service(artifact_directory, rate_limit=0.1, rate_limit_burst=3) as service, service.client() as client:
        answers = [client.post("/invocations", content=LINE, headers=CSV) for _ in range(4)]
        health = [client.get("/ping").status_code for _ in range(20)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 10
    assert set(health) == {200}


def test_pages_of_allowed_origins_alone_may_ask(artifact_directory: Path) -> None:
    origins = '["https://lab.example.org"]'
    with running_service(artifact_directory, cors_origins=origins) as service, service.client() as client:
        allowed, refused = (
            client.options(
                "/invocations", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
            ).headers.get("Access-Control-Allow-Origin")
            for origin in ("https://lab.example.org", "https://elsewhere.example.org")
        )

    assert (allowed, refused) == ("https://lab.example.org", None)


def test_predictions_and_feedback_are_captured(artifact_directory: Path, tmp_path: Path) -> None:
    with (
        running_service(artifact_directory, capture=tmp_path, variant_name="blue") as service,
        service.client() as client,
    ):
        answer = client.post("/invocations", content=LINE, headers=CSV)
        name = answer.headers["X-Request-Id"]
        label = client.post("/feedback", json={"inference_id": name, "rings": 9})
        service.stop()

    (captured,) = [json.loads(path.read_text()) for path in (tmp_path / "abalone" / "blue").rglob("*.jsonl")]
    (labelled,) = [json.loads(path.read_text()) for path in (tmp_path / "abalone-ground-truth").rglob("*.jsonl")]
    assert label.status_code == 202
    assert captured["eventMetadata"]["inferenceId"] == labelled["eventMetadata"]["eventId"] == name
    assert captured["captureData"]["endpointInput"]["data"] == LINE
    assert captured["captureData"]["endpointOutput"]["data"] == answer.text
    assert labelled["groundTruthData"]["data"] == "9"


def test_feedback_without_capture_is_refused(artifact_directory: Path) -> None:
    with running_service(artifact_directory) as service, service.client() as client:
        answer = client.post("/feedback", json={"inference_id": "a", "rings": 9})

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "no_capture")
