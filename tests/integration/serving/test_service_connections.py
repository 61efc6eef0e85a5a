"""Connections that are used in odd ways, and requests that are large: the next one is answered as ever."""

import gzip
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from abalone.model.artifact import Artifact
from support.answers import GOOD, asked, assert_answers, blameless_service, chunked_post, head_of, refusal_of, rings_of
from support.measurements import ROW, as_json, predicted_rings
from support.raw_http import post, raw_connection
from support.service import RunningService

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def service(artifact_directory: Path) -> Iterator[RunningService]:
    with blameless_service(artifact_directory) as running:
        yield running


@pytest.fixture(autouse=True)
def _answers_afterwards(service: RunningService, artifact: Artifact) -> Iterator[None]:
    yield
    assert_answers(service, artifact)


class TestConnections:
    def test_half_closed_connection_is_answered(self, service: RunningService, artifact: Artifact) -> None:
        with raw_connection(service.port) as connection:
            connection.send(post(GOOD))
            connection.socket.shutdown(1)
            assert rings_of(connection.answer()) == predicted_rings(artifact, [ROW])
            assert connection.is_closed()

    def test_half_closed_connection_is_answered_when_the_batch_is_large(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.send(post(as_json([ROW] * 2000)))
            connection.socket.shutdown(1)
            assert len(rings_of(connection.answer())) == 2000

    @pytest.mark.parametrize("length", [1, 100, 10 * MIB])
    def test_connection_closed_within_the_body_is_forgotten(self, service: RunningService, length: int) -> None:
        with raw_connection(service.port) as connection:
            connection.send(head_of(b"Content-Length: %d" % (2 * length)), b"[" * length)

    def test_body_that_ends_early_is_not_answered(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.send(head_of(b"Content-Length: 5000"), GOOD)
            connection.socket.shutdown(1)
            assert connection.is_closed()

    def test_pipelined_requests_are_answered_in_order(self, service: RunningService, artifact: Artifact) -> None:
        rows = [{**ROW, "shell_weight": 0.01 * number} for number in range(1, 31)]
        with raw_connection(service.port) as connection:
            connection.send(b"".join(post(as_json([row])) for row in rows))
            rings = [rings_of(connection.answer())[0] for _ in rows]
        assert rings == pytest.approx(predicted_rings(artifact, rows), abs=1e-9)

    @pytest.mark.parametrize("garbage", [b"garbage\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n"])
    def test_request_before_garbage_is_answered(self, service: RunningService, garbage: bytes) -> None:
        with raw_connection(service.port) as connection:
            connection.send(post(GOOD) + garbage)
            rings_of(connection.answer())
            assert connection.is_closed()

    def test_http_1_0_is_answered_and_closed(self, service: RunningService, artifact: Artifact) -> None:
        head = head_of(b"Content-Length: %d" % len(GOOD), line=b"POST /invocations HTTP/1.0")
        with raw_connection(service.port) as connection:
            connection.send(head, GOOD)
            assert rings_of(connection.answer()) == predicted_rings(artifact, [ROW])
            assert connection.is_closed()

    def test_upgrade_to_another_protocol_is_passed_over(self, service: RunningService, artifact: Artifact) -> None:
        offer = (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")
        large = as_json([ROW] * 5000)
        with raw_connection(service.port) as connection:
            connection.send(post(GOOD, *offer))
            assert rings_of(connection.answer()) == predicted_rings(artifact, [ROW])
            connection.send(post(large, *offer) + post(GOOD))
            assert len(rings_of(connection.answer())) == 5000
            assert len(rings_of(connection.answer())) == 1

    def test_client_that_waits_for_leave_to_send_gets_it(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.send(head_of(b"Content-Length: %d" % len(GOOD), b"Expect: 100-continue"))
            assert connection.answer().status == 100
            connection.send(GOOD)
            rings_of(connection.answer())

    def test_client_that_waits_for_leave_to_send_too_much_is_refused_at_once(self, service: RunningService) -> None:
        answer = asked(service, head_of(b"Content-Length: %d" % (26 * MIB), b"Expect: 100-continue"))
        refusal_of(answer, 413, "body_too_large")


class TestSizes:
    @pytest.mark.parametrize("request_of", [post, chunked_post], ids=["declared", "chunked"])
    def test_body_of_26_mib_is_refused_and_the_client_can_read_that(self, service: RunningService, request_of) -> None:  # type: ignore[no-untyped-def]
        with raw_connection(service.port) as connection:
            connection.send(request_of(b" " * (26 * MIB)))
            refusal_of(connection.answer(), 413, "body_too_large")
            connection.send(post(GOOD))
            rings_of(connection.answer())

    @pytest.mark.parametrize("request_of", [post, chunked_post], ids=["declared", "chunked"])
    def test_feedback_of_more_than_64_kib_is_refused(self, service: RunningService, request_of) -> None:  # type: ignore[no-untyped-def]
        body = json.dumps({"inference_id": "a" * 65 * 1024, "rings": 9}).encode()
        refusal_of(asked(service, request_of(body, path=b"/feedback")), 413, "body_too_large")

    @pytest.mark.parametrize(
        "headers",
        [
            [b"X-Large: " + b"a" * 70_000],
            [b"X-Large: " + b"a" * 5_000_000],
            [b"X-%05d: 1" % number for number in range(10_000)],
        ],
        ids=["70 kB", "5 MB", "10,000 of them"],
    )
    def test_headers_of_more_than_64_kib_are_refused(self, service: RunningService, headers: list[bytes]) -> None:
        refusal_of(asked(service, post(GOOD, *headers)), 431, "headers_too_large")

    def test_headers_of_less_are_read(self, service: RunningService) -> None:
        rings_of(asked(service, post(GOOD, b"X-Large: " + b"a" * 60_000)))
        rings_of(asked(service, post(GOOD, *[b"X-%04d: 1" % number for number in range(4000)])))

    @pytest.mark.parametrize("end", [b"0\r\nX-Trailer: ", b"1;extension="], ids=["trailer", "chunk extension"])
    def test_what_stands_between_chunks_has_the_same_bound(self, service: RunningService, end: bytes) -> None:
        sent = head_of(b"Transfer-Encoding: chunked") + b"2\r\n[]\r\n" + end + b"a" * 5_000_000
        refusal_of(asked(service, sent), 431, "headers_too_large")

    def test_body_in_many_small_chunks_is_read(self, service: RunningService) -> None:
        body = as_json([ROW] * 1000)
        chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
        answer = asked(service, head_of(b"Transfer-Encoding: chunked"), chunks, b"0\r\n\r\n")
        assert len(rings_of(answer)) == 1000

    def test_compressed_body_is_refused_and_not_unpacked(self, service: RunningService) -> None:
        bomb = gzip.compress(b"0" * 50 * MIB)
        refusal_of(asked(service, post(bomb, b"Content-Encoding: gzip")), 415, "unsupported_encoding")


def test_flood_of_bad_requests_is_refused_one_by_one(service: RunningService) -> None:
    body = b"[" + b"\xff" * (2 * MIB)

    def flood(_: int) -> set[int]:
        statuses = set()
        end = time.monotonic() + 1
        with raw_connection(service.port) as connection:
            while time.monotonic() < end:
                connection.send(post(body))
                answer = connection.answer()
                statuses.add(answer.status)
                if answer.headers.get("connection") == "close":
                    break
        return statuses

    with ThreadPoolExecutor(8) as pool:
        assert set().union(*pool.map(flood, range(8))) <= {422, 503}
