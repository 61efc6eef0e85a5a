"""`kedro run` on this machine, in an environment of its own, timed as a whole and node by node."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sagemaker.environments import ISOLATED, REPOSITORY

LANDING = Path("01_raw") / "landing"


@dataclass(frozen=True)
class LocalRun:
    """One run.

    Attributes:
        seconds: Wall time, from start to exit.
        node_seconds: Of each node, by its name, without what it reads and writes.
    """

    seconds: float
    node_seconds: dict[str, float]

    @property
    def start_seconds(self) -> float:
        """What is not the nodes': the start of Python and Kedro, and what is read and written."""
        return self.seconds - sum(self.node_seconds.values())


def copy_landing_zone(data: Path) -> None:
    """Fill the landing zone of a data folder with the survey."""
    (data / LANDING).mkdir(parents=True)
    for batch in (REPOSITORY / "data" / LANDING).glob("*.csv"):
        (data / LANDING / batch.name).write_bytes(batch.read_bytes())


def kedro_run(data: Path, packages: Mapping[str, str]) -> LocalRun:
    """Run the default pipeline on a data folder.

    Args:
        data: The folder.
        packages: Variables of the environment, as `link_sets` returns them.

    Raises:
        RuntimeError: The run failed.
    """
    # Compiled modules are kept, as they are unless somebody forbids it.
    quiet = {"KEDRO_DISABLE_TELEMETRY": "1", "PYTHONDONTWRITEBYTECODE": "", "ABALONE_DATA": str(data)}
    started = time.perf_counter()
    completed = subprocess.run(
        [sys.executable, ISOLATED, "-m", "kedro", "run"],
        cwd=REPOSITORY,
        env={**os.environ, **quiet, **packages},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if completed.returncode:
        raise RuntimeError(f"kedro run exited with {completed.returncode}: {completed.stderr}")
    return LocalRun(seconds, read_node_seconds(completed.stderr))


def read_node_seconds(log: str) -> dict[str, float]:
    """Read the seconds of each node from a run's log; what is no JSON line comes from libraries."""
    messages = (json.loads(line)["message"] for line in log.splitlines() if line.startswith("{"))
    found = (re.fullmatch(r"\d+/\d+ (\S+) \(([\d.]+) s\)", message) for message in messages)
    return {match[1]: float(match[2]) for match in found if match}
