"""Clients that are slow: they are cut off, and the next one is answered as ever."""

import select
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from abalone.model.artifact import Artifact
from support.answers import GOOD, asked, assert_answers, blameless_service, head_of, refusal_of, rings_of
from support.measurements import ROW, as_csv, predicted_rings
from support.raw_http import RawConnection, post, raw_connection
from support.service import RunningService

REQUEST_SECONDS = 2.0
CLOSING_SECONDS = 60.0
"""When a connection has to be closed at the latest: far more than `REQUEST_SECONDS`, for a busy machine."""


@pytest.fixture(scope="module")
def service(artifact_directory: Path) -> Iterator[RunningService]:
    with blameless_service(artifact_directory, request_seconds=REQUEST_SECONDS) as running:
        yield running


@pytest.fixture(autouse=True)
def _answers_afterwards(service: RunningService, artifact: Artifact) -> Iterator[None]:
    yield
    assert_answers(service, artifact)


class TestSlowClients:
    def test_request_that_does_not_come_in_is_refused(self, service: RunningService) -> None:
        beginnings = [
            head_of()[:-2],
            head_of(b"Content-Length: 100") + b"[",
            head_of(b"Transfer-Encoding: chunked") + b"9\r\n[",
            head_of(b"Content-Length: 100").replace(b"/invocations", b"/feedback") + b"{",
            b"POST /invo",
        ]
        began = time.monotonic()
        with ExitStack() as stack:
            connections = [stack.enter_context(raw_connection(service.port)) for _ in beginnings]
            for connection, beginning in zip(connections, beginnings, strict=True):
                connection.send(beginning)

            for connection in connections:
                refusal_of(connection.answer(), 408, "request_too_slow")

            assert all(connection.is_closed() for connection in connections)
            assert REQUEST_SECONDS * 0.9 < time.monotonic() - began < CLOSING_SECONDS

    def test_request_that_trickles_in_is_refused(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.send(b"POST /invocations HTTP/1.1\r\nX: ")
            deadline = time.monotonic() + CLOSING_SECONDS
            while not select.select([connection.socket], [], [], REQUEST_SECONDS / 10)[0]:
                assert time.monotonic() < deadline, "the request is still waited for"
                connection.send(b"x")

            refusal_of(connection.answer(), 408, "request_too_slow")

    def test_connection_that_asks_nothing_is_closed(self, service: RunningService) -> None:
        with ExitStack() as stack:
            silent, empty, after = (stack.enter_context(raw_connection(service.port)) for _ in range(3))
            empty.send(b"\r\n")
            after.send(post(GOOD))
            rings_of(after.answer())
            after.send(b"\r\n")

            assert silent.is_closed()
            assert empty.is_closed()
            assert after.is_closed()

    def test_client_that_never_reads_loses_its_connection(self, service: RunningService) -> None:
        body = as_csv([ROW] * 60_000)  # the answer is more than the system takes in
        with raw_connection(service.port, receive_buffer=4096) as connection:
            connection.send(post(body, b"Accept: application/json", content_type=b"text/csv"))
            deadline = time.monotonic() + CLOSING_SECONDS
            while is_established(service.port, connection):
                assert time.monotonic() < deadline, "the connection is still open"
                time.sleep(0.1)

    def test_many_idle_connections_do_not_keep_others_from_being_answered(
        self, service: RunningService, artifact: Artifact
    ) -> None:
        with ExitStack() as stack:
            for _ in range(500):
                stack.enter_context(raw_connection(service.port))
            assert rings_of(asked(service, post(GOOD))) == predicted_rings(artifact, [ROW])


def is_established(port: int, connection: RawConnection) -> bool:
    """Tell whether the server still holds its side of a connection."""
    local, remote = f":{port:04X}", f":{connection.socket.getsockname()[1]:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(local) and row[2].endswith(remote) and row[3] == "01" for row in rows)
