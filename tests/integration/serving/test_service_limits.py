"""Clients that are slow, broken or hostile: each is told so, and the next one is answered as ever."""

import gzip
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from abalone.model.artifact import Artifact
from abalone.schema import MEASUREMENT_NAMES
from support.measurements import CSV, JSON, JSON_LINES, ROW, as_csv, as_json, as_json_lines, predicted_rings
from support.raw_http import RawAnswer, RawConnection, post, raw_connection
from support.service import RunningService, running_service

REQUEST_SECONDS = 2.0
CLOSING_SECONDS = 20.0
"""When a connection has to be closed: `REQUEST_SECONDS`, what is discarded of a refused request, and a busy machine."""

MIB = 1024 * 1024
GOOD = as_json([ROW])


@pytest.fixture(scope="module")
def service(artifact_directory: Path) -> Iterator[RunningService]:
    with running_service(artifact_directory, request_seconds=REQUEST_SECONDS, reload_seconds=0) as running:
        yield running
        assert {line["level"] for line in running.log} == {"INFO"}, "a client's fault is none of the service"


@pytest.fixture(autouse=True)
def _answers_afterwards(service: RunningService, artifact: Artifact) -> Iterator[None]:
    """Whatever a client does, the next one is answered."""
    yield
    with raw_connection(service.port) as connection:
        connection.send(post(GOOD))
        assert _rings(connection.answer()) == predicted_rings(artifact, [ROW])


def _rings(answer: RawAnswer) -> list[float]:
    assert answer.status == 200, answer
    return [prediction["rings"] for prediction in answer.json()["predictions"]]


def _refusal(answer: RawAnswer, status: int, code: str) -> str:
    """Check that an answer is the documented one, and return its message."""
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/json"
    content = answer.json()
    assert set(content) == {"error", "request_id"}
    assert set(content["error"]) == {"code", "message", "problems", "problem_count"}
    assert content["error"]["code"] == code, answer
    assert content["request_id"] == answer.headers["x-request-id"]
    return str(content["error"]["message"])


def _asked(service: RunningService, *parts: bytes) -> RawAnswer:
    with raw_connection(service.port) as connection:
        connection.send(*parts)
        return connection.answer()


def _head(*headers: bytes, line: bytes = b"POST /invocations HTTP/1.1") -> bytes:
    return b"\r\n".join([line, b"Host: localhost", b"Content-Type: application/json", *headers, b"", b""])


def _chunked(body: bytes, path: bytes = b"/invocations") -> bytes:
    head = _head(b"Transfer-Encoding: chunked", line=b"POST %s HTTP/1.1" % path)
    return head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


class TestSlowClients:
    def test_request_that_does_not_come_in_is_refused(self, service: RunningService) -> None:
        beginnings = [
            _head()[:-2],
            _head(b"Content-Length: 100") + b"[",
            _head(b"Transfer-Encoding: chunked") + b"9\r\n[",
            _head(b"Content-Length: 100").replace(b"/invocations", b"/feedback") + b"{",
            b"POST /invo",
        ]
        with ExitStack() as stack:
            connections = [stack.enter_context(raw_connection(service.port)) for _ in beginnings]
            began = time.monotonic()
            for connection, beginning in zip(connections, beginnings, strict=True):
                connection.send(beginning)

            for connection in connections:
                _refusal(connection.answer(), 408, "request_too_slow")

            assert all(connection.is_closed() for connection in connections)
            assert REQUEST_SECONDS * 0.9 < time.monotonic() - began < CLOSING_SECONDS

    def test_request_that_trickles_in_is_refused(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.socket.settimeout(REQUEST_SECONDS / 10)
            began = time.monotonic()
            while time.monotonic() - began < CLOSING_SECONDS:
                try:
                    connection.send(b"x" if time.monotonic() - began > 0.1 else b"POST /invocations HTTP/1.1\r\nX: ")
                    if connection.socket.recv(1):
                        break
                except TimeoutError:
                    continue
            assert time.monotonic() - began < CLOSING_SECONDS

    def test_connection_that_asks_nothing_is_closed(self, service: RunningService) -> None:
        with ExitStack() as stack:
            silent, empty, after = (stack.enter_context(raw_connection(service.port)) for _ in range(3))
            empty.send(b"\r\n")
            after.send(post(GOOD))
            _rings(after.answer())
            after.send(b"\r\n")

            assert silent.is_closed()
            assert empty.is_closed()
            assert after.is_closed()

    def test_client_that_never_reads_loses_its_connection(self, service: RunningService) -> None:
        body = as_json([ROW] * 80_000)  # the answer is more than the system takes in
        with raw_connection(service.port, receive_buffer=4096) as connection:
            connection.send(post(body))
            deadline = time.monotonic() + CLOSING_SECONDS
            while _established(service.port, connection):
                assert time.monotonic() < deadline, "the connection is still open"
                time.sleep(0.1)

    def test_many_idle_connections_do_not_keep_others_from_being_answered(
        self, service: RunningService, artifact: Artifact
    ) -> None:
        with ExitStack() as stack:
            for _ in range(500):
                stack.enter_context(raw_connection(service.port))
            assert _rings(_asked(service, post(GOOD))) == predicted_rings(artifact, [ROW])


def _established(port: int, connection: RawConnection) -> bool:
    """Tell whether the server still holds its side of a connection."""
    local, remote = f":{port:04X}", f":{connection.socket.getsockname()[1]:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(local) and row[2].endswith(remote) and row[3] == "01" for row in rows)


class TestConnections:
    def test_half_closed_connection_is_answered(self, service: RunningService, artifact: Artifact) -> None:
        with raw_connection(service.port) as connection:
            connection.send(post(GOOD))
            connection.socket.shutdown(1)
            assert _rings(connection.answer()) == predicted_rings(artifact, [ROW])
            assert connection.is_closed()

    def test_half_closed_connection_is_answered_when_the_batch_is_large(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.send(post(as_json([ROW] * 2000)))
            connection.socket.shutdown(1)
            assert len(_rings(connection.answer())) == 2000

    @pytest.mark.parametrize("length", [1, 100, 10 * MIB])
    def test_connection_closed_within_the_body_is_forgotten(self, service: RunningService, length: int) -> None:
        with raw_connection(service.port) as connection:
            connection.send(_head(b"Content-Length: %d" % (2 * length)), b"[" * length)

    def test_body_that_ends_early_is_not_answered(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.send(_head(b"Content-Length: 5000"), GOOD)
            connection.socket.shutdown(1)
            assert connection.is_closed()

    def test_pipelined_requests_are_answered_in_order(self, service: RunningService, artifact: Artifact) -> None:
        rows = [{**ROW, "shell_weight": 0.01 * number} for number in range(1, 31)]
        with raw_connection(service.port) as connection:
            connection.send(b"".join(post(as_json([row])) for row in rows))
            rings = [_rings(connection.answer())[0] for _ in rows]
        assert rings == pytest.approx(predicted_rings(artifact, rows), abs=1e-9)

    @pytest.mark.parametrize("garbage", [b"garbage\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n"])
    def test_request_before_garbage_is_answered(self, service: RunningService, garbage: bytes) -> None:
        with raw_connection(service.port) as connection:
            connection.send(post(GOOD) + garbage)
            _rings(connection.answer())
            assert connection.is_closed()

    def test_http_1_0_is_answered_and_closed(self, service: RunningService, artifact: Artifact) -> None:
        head = _head(b"Content-Length: %d" % len(GOOD), line=b"POST /invocations HTTP/1.0")
        with raw_connection(service.port) as connection:
            connection.send(head, GOOD)
            assert _rings(connection.answer()) == predicted_rings(artifact, [ROW])
            assert connection.is_closed()

    def test_upgrade_to_another_protocol_is_passed_over(self, service: RunningService, artifact: Artifact) -> None:
        offer = (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")
        large = as_json([ROW] * 5000)
        with raw_connection(service.port) as connection:
            connection.send(post(GOOD, *offer))
            assert _rings(connection.answer()) == predicted_rings(artifact, [ROW])
            connection.send(post(large, *offer) + post(GOOD))
            assert len(_rings(connection.answer())) == 5000
            assert len(_rings(connection.answer())) == 1

    def test_client_that_waits_for_leave_to_send_gets_it(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.send(_head(b"Content-Length: %d" % len(GOOD), b"Expect: 100-continue"))
            assert connection.answer().status == 100
            connection.send(GOOD)
            _rings(connection.answer())

    def test_client_that_waits_for_leave_to_send_too_much_is_refused_at_once(self, service: RunningService) -> None:
        answer = _asked(service, _head(b"Content-Length: %d" % (26 * MIB), b"Expect: 100-continue"))
        _refusal(answer, 413, "body_too_large")


class TestSizes:
    @pytest.mark.parametrize("request_of", [post, _chunked], ids=["declared", "chunked"])
    def test_body_of_26_mib_is_refused_and_the_client_can_read_that(self, service: RunningService, request_of) -> None:  # type: ignore[no-untyped-def]
        with raw_connection(service.port) as connection:
            connection.send(request_of(b" " * (26 * MIB)))
            _refusal(connection.answer(), 413, "body_too_large")
            connection.send(post(GOOD))
            _rings(connection.answer())

    @pytest.mark.parametrize("request_of", [post, _chunked], ids=["declared", "chunked"])
    def test_feedback_of_more_than_64_kib_is_refused(self, service: RunningService, request_of) -> None:  # type: ignore[no-untyped-def]
        body = json.dumps({"inference_id": "a" * 65 * 1024, "rings": 9}).encode()
        _refusal(_asked(service, request_of(body, path=b"/feedback")), 413, "body_too_large")

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
        _refusal(_asked(service, post(GOOD, *headers)), 431, "headers_too_large")

    def test_headers_of_less_are_read(self, service: RunningService) -> None:
        _rings(_asked(service, post(GOOD, b"X-Large: " + b"a" * 60_000)))
        _rings(_asked(service, post(GOOD, *[b"X-%04d: 1" % number for number in range(4000)])))

    @pytest.mark.parametrize("end", [b"0\r\nX-Trailer: ", b"1;extension="], ids=["trailer", "chunk extension"])
    def test_what_stands_between_chunks_has_the_same_bound(self, service: RunningService, end: bytes) -> None:
        sent = _head(b"Transfer-Encoding: chunked") + b"2\r\n[]\r\n" + end + b"a" * 5_000_000
        _refusal(_asked(service, sent), 431, "headers_too_large")

    def test_body_in_many_small_chunks_is_read(self, service: RunningService) -> None:
        body = as_json([ROW] * 1000)
        chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
        answer = _asked(service, _head(b"Transfer-Encoding: chunked"), chunks, b"0\r\n\r\n")
        assert len(_rings(answer)) == 1000

    def test_compressed_body_is_refused_and_not_unpacked(self, service: RunningService) -> None:
        bomb = gzip.compress(b"0" * 50 * MIB)
        _refusal(_asked(service, post(bomb, b"Content-Encoding: gzip")), 415, "unsupported_encoding")


class TestMalformedRequests:
    @pytest.mark.parametrize(
        "request_",
        [
            _head(b"Content-Length: five") + GOOD,
            _head(b"Content-Length: -5") + GOOD,
            _head(b"Content-Length: +5") + GOOD,
            _head(b"Content-Length: 5 5") + GOOD,
            _head(b"Content-Length: 0x10") + GOOD,
            _head(b"Content-Length: " + b"9" * 30) + GOOD,
            _head(b"Content-Length: 5", b"Content-Length: 5") + GOOD,
            _head(b"Content-Length: 5", b"Content-Length: 6") + GOOD,
            _head(b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
            _head(b"Transfer-Encoding: chunked", b"Content-Length: 5") + b"0\r\n\r\n",
            _head(b"Transfer-Encoding: gzip") + b"0\r\n\r\n",
            _head(b"Transfer-Encoding: chunked") + b"zz\r\n",
            _head(b"Transfer-Encoding: chunked") + b"-1\r\n",
            _head(b"Transfer-Encoding: chunked") + b"1\r\nab\r\n",
            _head(b"Transfer-Encoding: chunked") + b"f" * 17 + b"\r\n",
            _head(b"No colon"),
            _head(b"Space : before colon"),
            _head(b"NUL: \x00"),
            _head(b"Folded: a", b" b"),
            _head(line=b"BREW /invocations HTTP/1.1"),
            _head(line=b"post /invocations HTTP/1.1"),
            _head(line=b"POST  HTTP/1.1"),
            _head(line=b"POST invocations HTTP/1.1"),
            _head(line=b"POST http://elsewhere.example HTTP/1.1"),
            _head(line=b"POST /\xff HTTP/1.1"),
            _head(line=b"POST /\x00 HTTP/1.1"),
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
            _refusal(connection.answer(), 400, "malformed_request")
            assert connection.is_closed()

    def test_body_that_is_longer_than_declared_is_cut(self, service: RunningService) -> None:
        with raw_connection(service.port) as connection:
            connection.send(_head(b"Content-Length: 5"), GOOD)
            _refusal(connection.answer(), 422, "malformed_body")
            assert connection.is_closed()

    @pytest.mark.parametrize(
        "header", [b"Content-Type: application/json", b"Content-Encoding: identity", b"X-Api-Key: a"]
    )
    def test_header_that_may_stand_once_is_refused_when_it_stands_twice(
        self, service: RunningService, header: bytes
    ) -> None:
        _refusal(_asked(service, post(GOOD, header, header)), 400, "repeated_header")

    def test_accept_may_stand_twice(self, service: RunningService) -> None:
        answer = _asked(service, post(GOOD, b"Accept: text/html", b"Accept: text/csv"))
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
        assert _asked(service, b"GET %s HTTP/1.1\r\n\r\n" % target).json()["status"] == "ok"

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
        _refusal(_asked(service, b"GET %s HTTP/1.1\r\n\r\n" % target), 404, "not_found")

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
        answer = _asked(service, b"%s %s HTTP/1.1\r\n\r\n" % (method, path))
        _refusal(answer, 405, "method_not_allowed")
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
        answer = _asked(service, b"GET /static/page.js HTTP/1.1\r\nRange: %s\r\n\r\n" % ranges)
        assert answer.status in {200, 206, 400, 416}


def _with_value(value: str, column: str = "shell_weight") -> dict[str, bytes]:
    """Return a row with a value, as it stands, in each format."""
    cells = {name: json.dumps(ROW[name]) for name in MEASUREMENT_NAMES} | {column: value}
    record = "{" + ", ".join(f'"{name}": {cell}' for name, cell in cells.items()) + "}"
    line = ",".join(cell if name == column else str(ROW[name]) for name, cell in cells.items())
    return {JSON: f"[{record}]".encode(), JSON_LINES: record.encode(), CSV: line.encode()}


class TestBodies:
    @pytest.mark.parametrize("content_type", [JSON, JSON_LINES, CSV])
    @pytest.mark.parametrize(
        "value",
        [
            "NaN",
            "nan",
            "Infinity",
            "-Infinity",
            "inf",
            "1e999",
            "-1e999",
            "1" + "0" * 400,
            "1" + "0" * 10_000,
            "1e-999",
            "1_0",
            "0._1",
            "\uff10.1",
            "0.1f",
            "0x1",
            "1e",
            "e1",
            ".",
            "-",
            "0,1",
            "true",
            "null",
            "{}",
            "[]",
            "0.1\x00",
            "0.1 0.1",
            "0.1;",
        ],
        ids=lambda value: ascii(value)[:20],
    )
    def test_value_that_is_no_measurement_is_refused(
        self, service: RunningService, content_type: str, value: str
    ) -> None:
        body = _with_value(value)[content_type]
        answer = _asked(service, post(body, content_type=content_type.encode()))
        assert answer.json()["error"]["code"] in {"invalid_rows", "malformed_body"}
        _refusal(answer, 422, answer.json()["error"]["code"])

    @pytest.mark.parametrize(
        "value",
        ['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"x"', '"' + "x" * 10**6 + '"', "1" + "0" * 5000, "1e999"],
        ids=lambda value: value[:20],
    )
    @pytest.mark.parametrize("column", ["sex", "length"])
    @pytest.mark.parametrize("content_type", [JSON, JSON_LINES])
    def test_strange_text_is_refused(self, service: RunningService, content_type: str, value: str, column: str) -> None:
        body = _with_value(value, column)[content_type]
        answer = _asked(service, post(body, content_type=content_type.encode()))
        assert answer.status == 422
        assert len(answer.body) < 2000

    @pytest.mark.parametrize(
        "body",
        [
            b"[" * 100_000,
            b"[" * 100_000 + b"]" * 100_000,
            b'{"instances":' * 100_000,
            b'[{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
        ],
        ids=["open", "closed", "objects", "in an unknown key"],
    )
    @pytest.mark.parametrize("content_type", [JSON, JSON_LINES])
    def test_deep_json_is_refused(self, service: RunningService, content_type: str, body: bytes) -> None:
        _refusal(_asked(service, post(body, content_type=content_type.encode())), 422, "malformed_body")

    def test_deep_feedback_is_refused(self, service: RunningService) -> None:
        answer = _asked(service, post(b"[" * 60_000, path=b"/feedback"))
        assert 400 <= answer.status < 500

    def test_hundred_thousand_columns_are_refused(self, service: RunningService) -> None:
        answer = _asked(service, post(b",".join([b"1"] * 100_000), content_type=b"text/csv"))
        assert "100000 fields" in _refusal(answer, 422, "invalid_rows")

    def test_hundred_thousand_columns_beside_those_that_are_needed_are_ignored(
        self, service: RunningService, artifact: Artifact
    ) -> None:
        names, row = as_csv([ROW], header=True).split()
        more = b"".join(b",x%d" % number for number in range(100_000))
        answer = _asked(
            service,
            post(names + more + b"\n" + row + b",1" * 100_000, b"Accept: application/json", content_type=b"text/csv"),
        )
        assert _rings(answer) == predicted_rings(artifact, [ROW])

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"M," + b"1" * MIB, "malformed_body"),
            (b'M,"' + b"1" * MIB + b'"', "malformed_body"),
            (b'M,"0.4,0.3\n0.1', "malformed_body"),
            (b'M,"0.4"5,0.3', "malformed_body"),
            (as_csv([ROW]).replace(b"0.455", b'"0.455,0.365"'), "invalid_rows"),
            (as_csv([ROW]).replace(b"0.455", b'"0.455],[0.365"'), "invalid_rows"),
            (as_csv([ROW], header=True).split()[0], "no_rows"),
            (as_csv([ROW], header=True).replace(b"shell_weight", b"shell"), "missing_columns"),
            (as_csv([ROW], header=True).replace(b"shell_weight", b"shell_weight,sex"), "repeated_columns"),
        ],
    )
    def test_odd_csv_is_refused(self, service: RunningService, body: bytes, code: str) -> None:
        _refusal(_asked(service, post(body, content_type=b"text/csv")), 422, code)

    @pytest.mark.parametrize("body", [b"", b" \r\n\t\n ", b"\x00" * 100, b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28"])
    @pytest.mark.parametrize("content_type", [JSON, JSON_LINES, CSV])
    def test_body_without_a_row_is_refused(self, service: RunningService, content_type: str, body: bytes) -> None:
        assert _asked(service, post(body, content_type=content_type.encode())).status == 422

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7"])
    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            (JSON, as_json([{**ROW, "é+": "é"}])),
            (JSON_LINES, as_json_lines([ROW])),
            (CSV, b"\xc3\xa9+," + as_csv([ROW])),
        ],
    )
    def test_other_encodings_than_utf_8_are_refused(
        self, service: RunningService, content_type: str, body: bytes, encoding: str
    ) -> None:
        if encoding == "utf-7" and content_type != CSV:
            return
        assert _asked(service, post(body.decode().encode(encoding), content_type=content_type.encode())).status == 422

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            (JSON, GOOD),
            (JSON, b'{"instances": %s}' % GOOD),
            (JSON_LINES, as_json_lines([ROW])),
            (CSV, as_csv([ROW])),
            (CSV, as_csv([ROW], header=True)),
        ],
    )
    def test_byte_order_mark_is_passed_over(
        self, service: RunningService, artifact: Artifact, content_type: str, body: bytes
    ) -> None:
        answer = _asked(
            service, post(b"\xef\xbb\xbf" + body, b"Accept: application/json", content_type=content_type.encode())
        )
        assert _rings(answer) == predicted_rings(artifact, [ROW])

    @pytest.mark.parametrize("content_type", [JSON, JSON_LINES])
    def test_of_a_key_that_stands_twice_the_last_value_counts(
        self, service: RunningService, artifact: Artifact, content_type: str
    ) -> None:
        body = _with_value('0.3, "shell_weight": 0.1')[content_type]
        answer = _asked(service, post(body, b"Accept: application/json", content_type=content_type.encode()))
        assert _rings(answer) == predicted_rings(artifact, [{**ROW, "shell_weight": 0.1}])


def test_flood_of_bad_requests_is_refused_one_by_one(service: RunningService) -> None:
    body = b"[" + b"\xff" * (2 * MIB)

    def flood(_: int) -> set[int]:
        statuses = set()
        end = time.monotonic() + 1
        with raw_connection(service.port) as connection:
            while time.monotonic() < end:
                connection.send(post(body))
                statuses.add(connection.answer().status)
        return statuses

    with ThreadPoolExecutor(8) as pool:
        assert set().union(*pool.map(flood, range(8))) <= {422, 503}
