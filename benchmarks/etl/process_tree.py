"""A command, measured with all processes that it starts."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import psutil

from benchmarks.speed.measured import KIB_PER_MIB, REPOSITORY

BYTES_PER_MIB = 1024 * 1024
SECONDS_BETWEEN_LOOKS = 0.3


@dataclass(frozen=True)
class Measurement:
    """What a command took.

    Attributes:
        seconds: From its start to its exit.
        cpu_seconds: Of all of its processes, which other work on the machine hardly changes.
        peak_mib: Largest memory of all of its processes together, in MiB.
        output: What it printed.
    """

    seconds: float
    cpu_seconds: float
    peak_mib: float
    output: str


def measure(*command: str, env: Mapping[str, str]) -> Measurement:
    """Run a command, and look at its processes while it runs.

    Memory that processes share is counted once (the proportional set size of Linux).

    Args:
        command: The command.
        env: Variables on top of this process's environment.

    Returns:
        The measurement; peak and CPU time are those that were seen.

    Raises:
        RuntimeError: The command failed.
    """
    peak, started = 0.0, time.perf_counter()
    cpu_seconds: dict[int, float] = {}
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as logged:
        process = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, **env}, stdout=said, stderr=logged)
        ended = 0
        while not ended:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            peak = max(peak, _look(process.pid, cpu_seconds))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        said.seek(0)
        logged.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} exited with {process.returncode}: {logged.read()[-2000:]}")
        # between two looks, the peak of a single process is not missed
        peak = max(peak, usage.ru_maxrss / KIB_PER_MIB)
        return Measurement(seconds, sum(cpu_seconds.values()), peak, said.read())


def _look(pid: int, cpu_seconds: dict[int, float]) -> float:
    """Note the CPU time of a process and of all that it started, and return their memory in MiB."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                spent = each.cpu_times()
                cpu_seconds[each.pid] = spent.user + spent.system
                total += each.memory_full_info().pss
    return total / BYTES_PER_MIB
