"""Waiting for what happens elsewhere, and ports on which nobody listens."""

import socket
import time
from collections.abc import Callable

DEADLINE_SECONDS = 60
"""What takes longer on a busy machine will not happen."""


def await_that(
    condition: Callable[[], bool],
    failure: str = "it did not happen",
    interval_seconds: float = 0.01,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> None:
    """Ask again and again until something is so."""
    deadline = time.monotonic() + deadline_seconds
    while not condition():
        assert time.monotonic() < deadline, failure
        time.sleep(interval_seconds)


def free_port() -> int:
    """Return a port of 127.0.0.1 that was free just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
