"""The prediction service as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from support.project import REPOSITORY

START_SECONDS = 60


@dataclass
class RunningService:
    """A service that listens.

    Attributes:
        process: The one that was started: the supervisor where there are workers.
        port: Where it listens, on 127.0.0.1.
        log_path: What it logs to.
    """

    process: subprocess.Popen[bytes]
    port: int
    log_path: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> list[dict[str, object]]:
        """What it has logged."""
        return [json.loads(line) for line in self.log_path.read_text().splitlines() if line.startswith("{")]

    def client(self, **options: object) -> httpx.Client:
        # uvicorn closes a connection after 5 idle seconds, which a request on it must not cross.
        limits = httpx.Limits(keepalive_expiry=1)
        return httpx.Client(base_url=self.url, trust_env=False, timeout=60, limits=limits, **options)  # type: ignore[arg-type]

    def stop(self, seconds: float = 40) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


def service_environment(**settings: object) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ABALONE_", "SAGEMAKER_", "SM_"))}
    return kept | {f"ABALONE_SERVING_{name.upper()}": str(value) for name, value in settings.items()}


@contextmanager
def running_service(
    model: Path | str | None, *, env: dict[str, str] | None = None, cwd: Path = REPOSITORY, **settings: object
) -> Iterator[RunningService]:
    """Start the service, wait until it answers, and end it afterwards.

    Args:
        model: Where its model is; None: where its environment says.
        env: Further variables of its environment.
        cwd: Its working directory.
        settings: Its settings, by name.
    """
    named = {} if model is None else {"model": model}
    environment = service_environment(**{**named, "port": 0, **settings}) | (env or {})
    with tempfile.TemporaryDirectory() as scratch:
        log_path = Path(scratch) / "log"
        with log_path.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "abalone.serving", "serve"],
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stderr=log,
            )
        try:
            service = RunningService(process, _port(process, log_path), log_path)
            _await_answer(service)
            yield service
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(40)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _port(process: subprocess.Popen[bytes], log_path: Path) -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        text = log_path.read_text()
        for line in text.splitlines():
            if line.startswith("{") and "port" in (record := json.loads(line)):
                return int(record["port"])
        assert process.poll() is None, text
        time.sleep(0.02)
    raise AssertionError(f"the service does not listen: {log_path.read_text()}")


def _await_answer(service: RunningService) -> None:
    deadline = time.monotonic() + START_SECONDS
    with service.client() as client:
        while time.monotonic() < deadline:
            assert service.process.poll() is None, service.log_path.read_text()
            try:
                if client.get("/ping").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.02)
    raise AssertionError(f"the service does not answer: {service.log_path.read_text()}")
