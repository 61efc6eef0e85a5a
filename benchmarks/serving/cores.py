"""One core for the server, another one for who asks it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from abalone.errors import AbaloneError


def server_core() -> int:
    """Return the core that serves."""
    return _cores()[0]


def client_core() -> int:
    """Return the core that asks."""
    return _cores()[-1]


@contextmanager
def running_on(core: int) -> Iterator[None]:
    """Keep this process, and those that it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _cores() -> list[int]:
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise AbaloneError(
            "the benchmark needs two cores, one for the server and one for the load: use a larger machine"
        )
    return cores
