"""A run that is killed leaves what was there before whole, and the next run succeeds."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from abalone.model.artifact import load_artifact
from support.project import REPOSITORY, Project

KILL_AT_WRITE = """
import os, pathlib, signal, sys
from kedro.framework.cli import main

remaining = int(sys.argv.pop(1))
replace = pathlib.Path.replace

def replace_or_die(self, target):
    global remaining
    remaining -= 1
    if remaining == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)

pathlib.Path.replace = replace_or_die
main()
"""


def read_everything(data: Path) -> None:
    """Read every output as its readers do; a half-written one raises."""
    for path in data.rglob("*.parquet"):
        pd.read_parquet(path)
    for path in data.rglob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    version = json.loads((data / "06_models" / "champion.json").read_text(encoding="utf-8"))["version"]
    load_artifact(data / "06_models" / "model" / version / "model")


def run_and_kill_inside_write(project: Project, write: int) -> int:
    """Run the default pipeline, and kill it with its n-th file written but not yet in place."""
    command = [sys.executable, "-c", KILL_AT_WRITE, str(write), "run"]
    return subprocess.run(
        command, cwd=REPOSITORY, env=project.environment(), capture_output=True, timeout=240, check=False
    ).returncode


def run_and_kill_after_event(project: Project, event: str) -> int:
    """Run the default pipeline, and kill it as soon as it has logged an event."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kedro", "run"], cwd=REPOSITORY, env=project.environment(), stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if event in line:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.stderr.close()
    return process.wait()


@pytest.mark.timeout(600)
def test_run_killed_inside_a_write_leaves_everything_whole(finished_project: Project) -> None:
    # The first file, inside the artifact (files, then manifest), the champion's record, and reports around them.
    for write in (1, 3, 6, 9, 10, 11, 14, 20):
        assert run_and_kill_inside_write(finished_project, write) == -signal.SIGKILL, f"write {write}"
        read_everything(finished_project.data)

    assert finished_project.kedro("run").returncode == 0


@pytest.mark.parametrize(
    "event",
    [
        "validate_batches_node",
        "poisson_boosting, random folds",  # inside of a node, in the middle of its fits
        "cross_validate_candidates_node",
        "export_artifact_node",
        "decide_gate_node",
    ],
)
def test_run_killed_at_work_leaves_everything_whole(event: str, finished_project: Project) -> None:
    assert run_and_kill_after_event(finished_project, event) == -signal.SIGKILL

    read_everything(finished_project.data)
    assert finished_project.kedro("run").returncode == 0
