"""Metrics for CloudWatch in the log of the service."""

from pathlib import Path

from support.service import RunningService, running_service
from support.waiting import await_that

LINE = "F,0.53,0.42,0.135,0.677,0.2565,0.1415,0.21"
WARNED_LINE = "F,0.9,0.7,0.25,5.1,1.9,1.1,1.5"
CSV = {"Content-Type": "text/csv"}


def embedded(service: RunningService) -> list[dict[str, object]]:
    return [each for each in service.log if "_aws" in each]


def test_metrics_come_from_every_worker_at_intervals_and_at_the_end(artifact_directory: Path) -> None:
    with running_service(artifact_directory, metrics_environment="dev", metrics_seconds=0.2, workers=2) as service:
        for _ in range(8):
            with service.client() as client:
                client.post("/invocations", content=LINE, headers=CSV)
        await_that(lambda: bool(embedded(service)), "no metrics are logged")
        assert service.stop() == 0
        lines = embedded(service)

    assert sum(line["requests"] for line in lines) == 8
    assert {line["environment"] for line in lines} == {"dev"}


def test_metrics_are_those_of_the_requests_and_hold_no_measurement(artifact_directory: Path) -> None:
    with running_service(artifact_directory, metrics_environment="prd", metrics_seconds=3600) as service:
        with service.client() as client:
            answer = client.post("/invocations", content=f"{LINE}\n{WARNED_LINE}\n", headers=CSV)
            client.get("/ping")
        service.stop()
        (line,) = embedded(service)

    predicted = [float(row.split(",")[0]) for row in answer.text.splitlines()]
    assert (line["requests"], line["errors"], line["rows"], line["out_of_range_rows"]) == (1, 0, 2, 1)
    assert abs(line["predicted_rings"] - sum(predicted) / 2) <= 0.5
    assert 0 < line["latency_p50"] <= line["latency_p99"]
    assert set(line) == {
        *("time", "level", "logger", "message", "_aws", "environment", "requests", "errors", "rows"),
        *("out_of_range_rows", "predicted_rings", "latency_p50", "latency_p99"),
    }


def test_no_metrics_are_logged_unless_an_environment_is_named(artifact_directory: Path) -> None:
    with running_service(artifact_directory, metrics_seconds=0.05) as service:
        with service.client() as client:
            client.post("/invocations", content=LINE, headers=CSV)
        service.stop()

        assert embedded(service) == []
