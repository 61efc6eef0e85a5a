"""What the benchmark of the prediction service computes."""

import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from benchmarks.serving.cores import running_on, server_core
from benchmarks.serving.limit import limit_per_second
from benchmarks.serving.open_loop import latency_of, measure_latency
from benchmarks.serving.rows import CSV, JSON, JSON_LINES, bodies_of, read_rows
from benchmarks.serving.wrk import parse_summary

from abalone.errors import AbaloneError
from abalone.schema import MEASUREMENT_NAMES

SUMMARY = {"requests": 300, "duration": 2_000_000, "not_2xx": 0, "broken": 0, "p50": 250, "p99": 1500}
ANSWER_SECONDS = 0.005
ROW = {
    "sex": "M",
    "length": 0.5,
    "diameter": 0.4,
    "height": 0.1,
    "whole_weight": 0.5,
    "shucked_weight": 0.2,
    "viscera_weight": 0.1,
    "shell_weight": 0.15,
}


class Slow(BaseHTTPRequestHandler):
    """Takes its time, and answers with the status that its path says."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        time.sleep(ANSWER_SECONDS)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(int(self.path.strip("/")))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def slow() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_limit_is_the_time_of_a_constant_answer_and_of_one_run_of_the_model() -> None:
    assert limit_per_second(32_500, 39e-6) == pytest.approx(14_300, rel=0.01)


def test_throughput_is_read_from_the_last_line_of_wrk() -> None:
    throughput = parse_summary(f"Running 2s test\n  1 threads\n\n{json.dumps(SUMMARY)}\n", "http://here")

    assert throughput.per_second == 150
    assert (throughput.p50_seconds, throughput.p99_seconds) == (0.00025, 0.0015)


@pytest.mark.parametrize("failed", ["not_2xx", "broken"])
def test_throughput_of_failures_is_none(failed: str) -> None:
    with pytest.raises(AbaloneError, match="http://here failed 7 of 300 requests"):
        parse_summary(json.dumps({**SUMMARY, failed: 7}), "http://here")


def test_latency_is_told_by_its_percentiles() -> None:
    latency = latency_of(np.arange(1, 102) / 1000)

    assert (latency.p50_seconds, latency.p99_seconds) == pytest.approx((0.051, 0.1))
    assert latency.ratio == pytest.approx(0.1 / 0.051)


def test_latency_counts_from_when_a_request_was_due(slow: str) -> None:
    latency = measure_latency(f"{slow}/200", JSON, [b"[]", b"[1]"], rate=10_000, connections=1, seconds=0.002)

    # All 20 are due at once, and the connection takes them one after another.
    assert latency.p50_seconds > 9 * ANSWER_SECONDS
    assert latency.p99_seconds > 18 * ANSWER_SECONDS


def test_latency_of_failures_is_none(slow: str) -> None:
    with pytest.raises(AbaloneError, match="a request was answered with"):
        measure_latency(f"{slow}/500", JSON, [b"[]"], rate=100, connections=2, seconds=0.05)


def test_rows_are_written_as_each_content_type_says() -> None:
    line = "M,0.5,0.4,0.1,0.5,0.2,0.1,0.15"

    (as_json,), (as_lines,), (as_csv,) = (bodies_of([ROW, ROW], kind, 2) for kind in (JSON, JSON_LINES, CSV))

    assert json.loads(as_json) == [ROW, ROW]
    assert [json.loads(text) for text in as_lines.splitlines()] == [ROW, ROW]
    assert as_csv.decode() == f"{line}\n{line}"


def test_rows_are_those_of_the_survey_that_break_no_rule() -> None:
    rows = read_rows()

    assert len(rows) == 4177 - 8
    assert list(rows[0]) == list(MEASUREMENT_NAMES)


def test_cores_are_given_back() -> None:
    before = os.sched_getaffinity(0)

    with running_on(server_core()):
        during = os.sched_getaffinity(0)

    assert during == {server_core()}
    assert os.sched_getaffinity(0) == before
