"""Servers, each a process group on a core of its own, ended whatever happens."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from abalone.errors import AbaloneError
from benchmarks.serving.cores import running_on

HOST = "127.0.0.1"
POLL_SECONDS = 0.01
STOP_SECONDS = 10.0
LOG_CHARACTERS = 2000
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Asks without a proxy, as the load does."""


@dataclass(frozen=True)
class Server:
    """A process that answers.

    Attributes:
        pid: Of the process that was started, which leads a group of its own.
        start_seconds: From its start to its first answer.
    """

    pid: int
    start_seconds: float


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(
    command: Sequence[str | Path],
    first_request: urllib.request.Request,
    *,
    core: int | None,
    folder: Path,
    env: Mapping[str, str] | None = None,
    deadline_seconds: float = 60.0,
) -> Iterator[Server]:
    """Run a server until the block ends.

    Args:
        command: What starts it, in the foreground.
        first_request: Answered with 200 as soon as the server is ready.
        core: The core that it stays on, with all of its processes; None for any.
        folder: Where it runs.
        env: Variables on top of this process's environment.
        deadline_seconds: How long it may take to get ready.

    Yields:
        The server, which answers.

    Raises:
        AbaloneError: It ended, or was not ready in time; with the end of what it printed.
    """
    with tempfile.TemporaryFile("w+") as log:
        started = time.perf_counter()
        with nullcontext() if core is None else running_on(core):
            process = subprocess.Popen(
                [str(word) for word in command],
                cwd=folder,
                env={**os.environ, **(env or {})},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            while not _answers(first_request):
                if process.poll() is not None or time.perf_counter() - started > deadline_seconds:
                    raise AbaloneError(f"{command[0]} did not get ready, it printed: {_end_of(log)}")
                time.sleep(POLL_SECONDS)
            yield Server(process.pid, time.perf_counter() - started)
        finally:
            _end(process)


def _answers(request: urllib.request.Request) -> bool:
    try:
        with DIRECT.open(request, timeout=STOP_SECONDS):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)


def _end_of(log: IO[str]) -> str:
    log.seek(0)
    return log.read()[-LOG_CHARACTERS:].strip()
