"""What is asked of a service over a bare socket, and what a proper answer is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from abalone.model.artifact import Artifact
from support.measurements import ROW, as_json, predicted_rings
from support.raw_http import RawAnswer, post, raw_connection
from support.service import RunningService, running_service

GOOD = as_json([ROW])


@contextmanager
def blameless_service(model: Path, **settings: object) -> Iterator[RunningService]:
    """A service whose log has no warning in the end: a client's fault is none of the service."""
    with running_service(model, reload_seconds=0, **settings) as running:
        yield running
        assert {line["level"] for line in running.log} == {"INFO"}


def assert_answers(service: RunningService, artifact: Artifact) -> None:
    """Check that the next client is answered, whatever the last one did."""
    assert rings_of(asked(service, post(GOOD))) == predicted_rings(artifact, [ROW])


def rings_of(answer: RawAnswer) -> list[float]:
    """Check that an answer is predictions, and return their rings."""
    assert answer.status == 200, answer
    return [prediction["rings"] for prediction in answer.json()["predictions"]]


def refusal_of(answer: RawAnswer, status: int, code: str) -> str:
    """Check that an answer is the documented one, and return its message."""
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/json"
    content = answer.json()
    assert set(content) == {"error", "request_id"}
    assert set(content["error"]) == {"code", "message", "problems", "problem_count"}
    assert content["error"]["code"] == code, answer
    assert content["request_id"] == answer.headers["x-request-id"]
    return str(content["error"]["message"])


def asked(service: RunningService, *parts: bytes) -> RawAnswer:
    """Return the answer to the first request of a connection."""
    with raw_connection(service.port) as connection:
        connection.send(*parts)
        return connection.answer()


def head_of(*headers: bytes, line: bytes = b"POST /invocations HTTP/1.1") -> bytes:
    """Return the beginning of a request, up to its body."""
    return b"\r\n".join([line, b"Host: localhost", b"Content-Type: application/json", *headers, b"", b""])


def chunked_post(body: bytes, path: bytes = b"/invocations") -> bytes:
    """Return a whole request whose body is one chunk."""
    head = head_of(b"Transfer-Encoding: chunked", line=b"POST %s HTTP/1.1" % path)
    return head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
