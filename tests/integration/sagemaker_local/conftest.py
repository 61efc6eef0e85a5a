"""Executions of small definitions against a real S3 and SageMaker API."""

import http.client
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from abalone.sagemaker.local import LocalExecution, execute
from abalone.sagemaker.steps import StepStatus
from support.s3 import S3


@dataclass(frozen=True)
class Machine:
    """Executes definitions, and keeps what was shown."""

    s3: S3
    folder: Path
    shown: list[list[StepStatus]] = field(default_factory=list)

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    def execute(
        self, definition: Mapping[str, Any], parameters: Mapping[str, Any] | None = None, **more: Any
    ) -> LocalExecution:
        return execute(
            definition,
            parameters or {},
            bucket=self.s3.bucket,
            pipeline_name="abalone-dev",
            scratch=self.scratch,
            project=self.folder,
            **{"show": self._show, "wait_factor": 0.05, "parallel": 2, **more},
        )

    def statuses(self, name: str) -> list[str]:
        """The statuses that a step went through."""
        statuses: list[str] = []
        for steps in self.shown:
            status = next(step.status for step in steps if step.name == name)
            if statuses[-1:] != [status]:
                statuses.append(status)
        return statuses

    def _show(self, steps: Sequence[StepStatus]) -> None:
        self.shown.append(list(steps))


@pytest.fixture
def machine(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    for name, value in s3.env.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    return Machine(s3, tmp_path)


class FailingServer:
    """Passes HTTP requests on to a server, and answers some of them as a server in trouble does."""

    def __init__(self, endpoint: str) -> None:
        self._target = endpoint.removeprefix("http://")
        self._faults: list[tuple[str, str, int, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                outer._answer(self)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer

            def log_message(self, format: str, *args: object) -> None:
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def fail(self, method: str, part: str, *, times: int, status: int = 500, code: str = "InternalError") -> None:
        """Fail the next requests of a method whose path or target has a part."""
        self._faults += [(method, part, status, code)] * times

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        where = f"{request.path} {request.headers.get('X-Amz-Target', '')}"
        for fault in self._faults:
            method, part, status, code = fault
            if request.command == method and part in where:
                self._faults.remove(fault)
                self._send(request, status, {}, self._error(request, code))
                return
        connection = http.client.HTTPConnection(self._target)
        connection.request(request.command, request.path, body, dict(request.headers))
        answer = connection.getresponse()
        self._send(request, answer.status, dict(answer.getheaders()), answer.read())
        connection.close()

    @staticmethod
    def _error(request: BaseHTTPRequestHandler, code: str) -> bytes:
        if request.headers.get("X-Amz-Target"):
            return json.dumps({"__type": code, "message": "in trouble"}).encode()
        return f"<Error><Code>{code}</Code><Message>in trouble</Message></Error>".encode()

    @staticmethod
    def _send(request: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str], body: bytes) -> None:
        request.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                request.send_header(name, value)
        length = headers.get("Content-Length", "0") if request.command == "HEAD" else str(len(body))
        request.send_header("Content-Length", length)
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(body)


@pytest.fixture
def failing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Iterator[FailingServer]:
    """A server that can fail, between the executions and the real one."""
    server = FailingServer(machine.s3.endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.endpoint)
    yield server
    server.close()
