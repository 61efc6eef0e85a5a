"""Faults of the service itself, and who is told of them."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from abalone.serving.app import Service
from abalone.serving.prediction import ServedModel
from abalone.serving.settings import Settings

ROW = b"F,0.53,0.42,0.135,0.677,0.2565,0.1415,0.21"


@pytest.fixture
def service(artifact_directory: Path) -> Service:
    return Service(Settings(model=str(artifact_directory)))


def ask(service: Service, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, Any], int]:
    """Ask once, and return the status, the body, and how many answers were begun."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"content-type", b"text/csv")],
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
    }
    asyncio.run(service(scope, receive, send))
    starts = [message for message in sent if message["type"] == "http.response.start"]
    content = b"".join(message.get("body", b"") for message in sent)
    return starts[0]["status"], msgspec.json.decode(content), len(starts)


class _BrokenArtifact:
    """Stands in for a model that no longer predicts."""

    def predict_arrays(self, *_: object) -> None:
        raise RuntimeError("the graph is gone")


@pytest.mark.parametrize(("method", "path"), [("GET", "/ping"), ("POST", "/invocations")])
def test_fault_is_answered_once_as_json_and_logged(
    service: Service, caplog: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    model: ServedModel = service._store.current
    service._store.current = replace(model, artifact=_BrokenArtifact())  # type: ignore[arg-type]

    status, answer, answers = ask(service, method, path, ROW)

    assert (status, answer["error"]["code"], answers) == (500, "internal_error", 1)
    assert "the graph is gone" in caplog.text
    assert "the graph is gone" not in str(answer)


def test_model_that_predicts_something_else_than_it_did_is_unhealthy(service: Service) -> None:
    model: ServedModel = service._store.current
    numbers, rings = model.known_row
    service._store.current = replace(model, known_row=(numbers, rings + 1))

    status, answer, _ = ask(service, "GET", "/ping")

    assert (status, answer["error"]["code"]) == (503, "unhealthy")


def test_refusal_has_its_message_where_the_clients_of_the_runtime_look_for_it(service: Service) -> None:
    _, plain, _ = ask(service, "POST", "/invocations", b"x")
    _, runtime, _ = ask(service, "POST", "/endpoints/abalone/invocations", b"x")

    assert "message" not in plain
    assert runtime["message"] == plain["error"]["message"]
