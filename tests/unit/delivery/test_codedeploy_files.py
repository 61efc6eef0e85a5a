"""The files of the revision of CodeDeploy, without running them."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support.project import REPOSITORY

REVISION = REPOSITORY / "delivery" / "codedeploy"
SCRIPTS = sorted((REPOSITORY / "delivery").rglob("*.sh"))
HOOKS = {
    "ApplicationStop": "stop",
    "BeforeInstall": "install",
    "AfterInstall": "configure",
    "ApplicationStart": "start",
    "ValidateService": "validate",
}


def test_linter_of_scripts_finds_nothing() -> None:
    linter = Path(sys.executable).with_name("shellcheck")

    completed = subprocess.run([linter, "--external-sources", *SCRIPTS], capture_output=True, text=True, check=False)

    assert SCRIPTS
    assert (completed.returncode, completed.stdout) == (0, "")


def test_appspec_names_one_hook_for_each_event() -> None:
    appspec = yaml.safe_load((REVISION / "appspec.yml").read_text(encoding="utf-8"))

    assert (appspec["version"], appspec["os"]) == (0.0, "linux")
    assert {event: [hook["location"] for hook in hooks] for event, hooks in appspec["hooks"].items()} == {
        event: [f"hooks/{name}.sh"] for event, name in HOOKS.items()
    }


@pytest.mark.parametrize("name", HOOKS.values())
def test_hook_ends_at_the_first_failure(name: str) -> None:
    script = REVISION / "hooks" / f"{name}.sh"

    assert script.stat().st_mode & 0o111
    assert 'source "$(dirname "${BASH_SOURCE[0]}")/common.sh"' in script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in (REVISION / "hooks" / "common.sh").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", "../etc", ".hidden", "a b"])
def test_hook_refuses_a_deployment_that_is_no_name(name: str, tmp_path: Path) -> None:
    completed = subprocess.run(
        [REVISION / "hooks" / "install.sh"],
        env={"PATH": "/usr/bin:/bin", "ABALONE_ROOT": str(tmp_path), "DEPLOYMENT_ID": name},
        capture_output=True,
        text=True,
        check=False,
    )

    assert completed.returncode == 1
    assert f"install.sh: DEPLOYMENT_ID is '{name}'" in completed.stderr
    assert list(tmp_path.iterdir()) == []


def test_missing_interpreter_is_told_before_anything_is_made(tmp_path: Path) -> None:
    variables = {"ABALONE_ROOT": str(tmp_path), "DEPLOYMENT_ID": "d-1", "ABALONE_PYTHON": "python0.1"}

    completed = subprocess.run(
        [REVISION / "hooks" / "install.sh"],
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        check=False,
    )

    assert completed.returncode == 1
    assert "python0.1 is not on PATH: `dnf install python3.11`" in completed.stderr
    assert list(tmp_path.iterdir()) == []


def test_bundle_without_a_name_shows_its_usage() -> None:
    completed = subprocess.run([REVISION / "make_bundle.sh"], capture_output=True, text=True, check=False)

    assert completed.returncode == 1
    assert completed.stderr == "make_bundle.sh: usage: make_bundle.sh OUTPUT.zip\n"
