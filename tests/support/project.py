"""The project on a data folder of its own, which a test may run, break and kill."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

UNMEASURED = {"COVERAGE_PROCESS_CONFIG": "", "COVERAGE_PROCESS_START": ""}
"""Variables of a process whose coverage is not measured, because it is killed, or runs what others have run already;
it takes a quarter to a third less time."""


@dataclass(frozen=True)
class Project:
    """The project's code and configuration, on the data folder `data`."""

    data: Path

    def kedro(
        self, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path = REPOSITORY
    ) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "kedro", *arguments, env=env, cwd=cwd)

    def run(
        self, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path = REPOSITORY
    ) -> subprocess.CompletedProcess[str]:
        """`kedro run` at less than half of its cost: without Kedro's plug-ins, and with its coverage not measured."""
        return self.python("-m", "abalone", *arguments, env=UNMEASURED | dict(env or {}), cwd=cwd)

    def python(
        self, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path = REPOSITORY
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env=self.environment(env),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def environment(self, env: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ABALONE_"))}
        return {**kept, "KEDRO_DISABLE_TELEMETRY": "1", "ABALONE_DATA": str(self.data), **(env or {})}


def new_project(data: Path) -> Project:
    """A project whose landing zone holds the first batch, and in which nothing has run yet."""
    shutil.copytree(REPOSITORY / "data" / "01_raw", data / "01_raw")
    return Project(data)
