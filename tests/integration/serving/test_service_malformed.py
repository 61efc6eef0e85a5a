"""What is not HTTP, or names no route: each client is told so, and the next one is answered as ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from abalone.model.artifact import Artifact
from support.answers import GOOD, asked, assert_answers, blameless_service, head_of, refusal_of
from support.raw_http import post, raw_connection
from support.service import RunningService


@pytest.fixture(scope="module")
def service(artifact_directory: Path) -> Iterator[RunningService]:
    with blameless_service(artifact_directory) as running:
        yield running


@pytest.fixture(autouse=True)
def _answers_afterwards(service: RunningService, artifact: Artifact) -> Iterator[None]:
    yield
    assert_answers(service, artifact)


class TestMalformedRequests:
    @pytest.mark.parametrize(
        "request_",
        [
            head_of(b"Content-Length: five") + GOOD,
            head_of(b"Content-Length: -5") + GOOD,
            head_of(b"Content-Length: +5") + GOOD,
            head_of(b"Content-Length: 5 5") + GOOD,
            head_of(b"Content-Length: 0x10") + GOOD,
            head_of(b"Content-Length: " + b"9" * 30) + GOOD,
            head_of(b"Content-Length: 5", b"Content-Length: 5") + GOOD,
            head_of(b"Content-Length: 5", b"Content-Length: 6") + GOOD,
            head_of(b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
            head_of(b"Transfer-Encoding: chunked", b"Content-Length: 5") + b"0\r\n\r\n",
            head_of(b"Transfer-Encoding: gzip") + b"0\r\n\r\n",
            head_of(b"Transfer-Encoding: chunked") + b"zz\r\n",
            head_of(b"Transfer-Encoding: chunked") + b"-1\r\n",
            head_of(b"Transfer-Encoding: chunked") + b"1\r\nab\r\n",
            head_of(b"Transfer-Encoding: chunked") + b"f" * 17 + b"\r\n",
            head_of(b"No colon"),
            head_of(b"Space : before colon"),
            head_of(b"NUL: \x00"),
            head_of(b"Folded: a", b" b"),
            head_of(line=b"BREW /invocations HTTP/1.1"),
            head_of(line=b"post /invocations HTTP/1.1"),
            head_of(line=b"POST  HTTP/1.1"),
            head_of(line=b"POST invocations HTTP/1.1"),
            head_of(line=b"POST http://elsewhere.example HTTP/1.1"),
            head_of(line=b"POST /\xff HTTP/1.1"),
            head_of(line=b"POST /\x00 HTTP/1.1"),
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
            b"\x00" * 1000,
        ],
        ids=lambda request: request.partition(b"application/json\r\n")[2].decode("latin-1")[:40] or repr(request[:40]),
    )
    def test_what_is_not_http_is_refused_and_the_connection_closed(
        self, service: RunningService, request_: bytes
    ) -> None:
        with raw_connection(service.port) as connection:
            connection.send(request_)
            refusal_of(connection.answer(), 400, "malformed_request")
            assert connection.is_closed()

    def test_body_that_is_longer_than_declared_is_cut(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.send(head_of(b"Content-Length: 5"), GOOD)
            refusal_of(connection.answer(), 422, "malformed_body")
            assert connection.is_closed()

    @pytest.mark.parametrize(
        "header", [b"Content-Type: application/json", b"Content-Encoding: identity", b"X-Api-Key: a"]
    )
    def test_header_that_may_stand_once_is_refused_when_it_stands_twice(
        self, service: RunningService, header: bytes
    ) -> None:
        refusal_of(asked(service, post(GOOD, header, header)), 400, "repeated_header")

    def test_accept_may_stand_twice(self, service: RunningService) -> None:
        answer = asked(service, post(GOOD, b"Accept: text/html", b"Accept: text/csv"))
        assert answer.headers["content-type"] == "text/csv"

    @pytest.mark.parametrize(
        "target",
        [
            b"/%70ing",
            b"/ping?%",
            b"/ping?%ff=%zz&&&==;",
            b"/ping?" + b"a" * 50_000,
            b"http://elsewhere.example/ping",
        ],
        ids=lambda target: target[:30].decode(),
    )
    def test_odd_way_to_name_a_route_leads_there(self, service: RunningService, target: bytes) -> None:
        assert asked(service, b"GET %s HTTP/1.1\r\n\r\n" % target).json()["status"] == "ok"

    @pytest.mark.parametrize(
        "target",
        [
            b"*",
            b"//ping",
            b"/ping/",
            b"/invocations/",
            b"/PING",
            b"/nothing",
            b"/%00",
            b"/%ff%fe",
            b"/%",
            b"/%0d%0aX-Injected:%201",
            b"/" + b"a" * 60_000,
            b"/static/%00",
            b"/static/../app.py",
            b"/static/%2e%2e/app.py",
            b"/static/..%2fapp.py",
            b"/static/%5c..%5capp.py",
            b"/static/" + b"a" * 5000,
            b"/static/" + b"a/" * 5000,
            b"/static//etc/passwd",
            b"/static",
            b"/static/",
        ],
        ids=lambda target: target[:30].decode(),
    )
    def test_unknown_route_is_not_found(self, service: RunningService, target: bytes) -> None:
        refusal_of(asked(service, b"GET %s HTTP/1.1\r\n\r\n" % target), 404, "not_found")

    @pytest.mark.parametrize(
        "method", [b"GET", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT", b"PROPFIND"]
    )
    @pytest.mark.parametrize(
        ("path", "allowed"),
        [
            (b"/invocations", "POST"),
            (b"/feedback", "POST"),
            (b"/ping", "GET"),
            (b"/metrics", "GET"),
            (b"/static/page.js", "GET"),
        ],
    )
    def test_wrong_method_is_told_the_right_one(
        self, service: RunningService, method: bytes, path: bytes, allowed: str
    ) -> None:
        if method.decode() == allowed:
            return
        answer = asked(service, b"%s %s HTTP/1.1\r\n\r\n" % (method, path))
        refusal_of(answer, 405, "method_not_allowed")
        assert allowed in answer.headers["allow"]

    def test_head_is_answered_without_a_body(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.send(b"HEAD /invocations HTTP/1.0\r\n\r\n")
            received = b"".join(iter(lambda: connection.socket.recv(65536), b""))
        assert received.startswith(b"HTTP/1.1 405 ")
        assert received.endswith(b"\r\n\r\n")

    @pytest.mark.parametrize(
        "ranges",
        [b"bytes=zz", b"bytes=99999999-", b"bytes=" + b",".join(b"%d-%d" % (n, n) for n in range(5000))],
        ids=["garbage", "beyond the end", "many"],
    )
    def test_odd_range_of_a_file_does_no_harm(self, service: RunningService, ranges: bytes) -> None:
        answer = asked(service, b"GET /static/page.js HTTP/1.1\r\nRange: %s\r\n\r\n" % ranges)
        assert answer.status in {200, 206, 400, 416}
