"""Processes, timed."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
KIB_PER_MIB = 1024


@dataclass(frozen=True)
class Measurement:
    """What a process took.

    Attributes:
        seconds: Wall time, from start to exit.
        peak_mib: Largest resident memory, in MiB.
        output: What it printed.
    """

    seconds: float
    peak_mib: float
    output: str


def run_python(*arguments: str, env: Mapping[str, str]) -> Measurement:
    """Run Python in a process of its own, and measure it.

    Args:
        arguments: Arguments of the interpreter.
        env: Variables on top of this process's environment.

    Returns:
        The measurement.

    Raises:
        RuntimeError: The process failed.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} exited with {process.returncode}")
    return Measurement(time.perf_counter() - started, usage.ru_maxrss / KIB_PER_MIB, output)
