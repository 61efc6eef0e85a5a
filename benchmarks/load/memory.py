"""Memory of the service while it is under load."""

import subprocess
from contextlib import suppress
from dataclasses import dataclass

import psutil

BYTES_PER_MIB = 1024 * 1024
SETTLING_SECONDS = 5.0


@dataclass(frozen=True)
class Memory:
    """Resident memory of all processes of the service, in MiB.

    Attributes:
        early: After the first seconds.
        late: When the load has ended.
    """

    early: float
    late: float


def watch_memory(pid: int, load: "subprocess.Popen[bytes]", seconds: float) -> Memory:
    """Measure the service's memory soon after the load began and when it has ended.

    Args:
        pid: Of the service.
        load: The process that asks.
        seconds: How long it asks; a short test is measured at its half.
    """
    with suppress(subprocess.TimeoutExpired):
        load.wait(min(SETTLING_SECONDS, seconds / 2))
    early = resident_mib(pid)
    load.wait()
    return Memory(early, resident_mib(pid))


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process and of all that it started, in MiB."""
    process = psutil.Process(pid)
    return sum(each.memory_info().rss for each in (process, *process.children(recursive=True))) / BYTES_PER_MIB
