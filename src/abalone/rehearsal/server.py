"""Servers on this machine: started, awaited and ended with a context."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from abalone.errors import AbaloneError

HOST = "127.0.0.1"
START_SECONDS = 60
GRACE_SECONDS = 10
"""What a server may take to end on SIGTERM."""


def free_port() -> int:
    """Return a port of this machine that was free just now."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running_server(
    command: Sequence[str], port: int, environment: Mapping[str, str] | None = None, *, shows_errors: bool = False
) -> Iterator[None]:
    """Run a server as long as the context is open.

    Args:
        command: What starts it.
        port: Where it will answer.
        environment: Its environment; that of this process by default.
        shows_errors: Whether what it writes to standard error is seen; for servers that write nothing else there.

    Raises:
        AbaloneError: It does not start.
    """
    # A session of its own: Ctrl-C ends the command that uses the server, and the server only after it.
    server = subprocess.Popen(  # noqa: S603
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=None if shows_errors else subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        if not _answers(server, port):
            raise AbaloneError(f"the server did not start on {HOST}:{port}: `{' '.join(command)}` says why")
        yield
    finally:
        _end(server)


def _answers(server: "subprocess.Popen[bytes]", port: int) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def _end(server: "subprocess.Popen[bytes]") -> None:
    """End a server, kindly if it still runs, and then whatever it left behind."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            server.wait(GRACE_SECONDS)
    with suppress(ProcessLookupError):  # nothing is left
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
