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
from support.project import REPOSITORY, UNMEASURED, Project

KILL_AT_WRITE = """
import os, pathlib, signal, sys
from abalone.__main__ import main

name = sys.argv.pop(1)
replace = pathlib.Path.replace

def replace_or_die(self, target):
    if pathlib.Path(target).name == name:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)

pathlib.Path.replace = replace_or_die
main()
"""

FEW_FITS = ("--params", "training.cross_validation.folds=2,training.cross_validation.blocks=2")
"""When a run is killed is what counts, not how good its model is."""


def read_everything(data: Path) -> None:
    """Read every output as its readers do; a half-written one raises."""
    for path in data.rglob("*.parquet"):
        pd.read_parquet(path)
    for path in data.rglob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    version = json.loads((data / "06_models" / "champion.json").read_text(encoding="utf-8"))["version"]
    load_artifact(data / "06_models" / "model" / version / "model")


def run_and_kill_inside_write(project: Project, name: str) -> int:
    """Run the default pipeline, and kill it with a file written but not yet in place."""
    return project.python("-c", KILL_AT_WRITE, name, *FEW_FITS, env=UNMEASURED).returncode


def run_and_kill_after_event(project: Project, event: str) -> int:
    """Run the default pipeline, and kill it as soon as it has logged an event."""
    process = subprocess.Popen(
        [sys.executable, "-m", "abalone", *FEW_FITS],
        cwd=REPOSITORY,
        env=project.environment(UNMEASURED),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if event in line:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.stderr.close()
    return process.wait()


@pytest.mark.timeout(600)
def test_run_killed_inside_a_write_leaves_everything_whole(finished_project: Project) -> None:
    # The first file, the first one and the last one of the artifact, a report, and the last file.
    for name in ("quarantine.parquet", "model.onnx", "manifest.json", "metrics.json", "model_card.html"):
        assert run_and_kill_inside_write(finished_project, name) == -signal.SIGKILL, name
        read_everything(finished_project.data)

    assert finished_project.run(*FEW_FITS).returncode == 0


@pytest.mark.timeout(600)
def test_run_killed_at_work_leaves_everything_whole(finished_project: Project) -> None:
    # Each is killed later than the one before, and so has succeeded in what that one left undone.
    for event in (
        "validate_batches_node",
        "poisson_boosting, random folds",  # inside of a node, in the middle of its fits
        "cross_validate_candidates_node",
        "export_artifact_node",
        "decide_gate_node",
    ):
        assert run_and_kill_after_event(finished_project, event) == -signal.SIGKILL, event
        read_everything(finished_project.data)

    assert finished_project.run(*FEW_FITS).returncode == 0
