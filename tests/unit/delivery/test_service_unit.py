"""The systemd unit of the service, as systemd itself sees it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from abalone.serving.settings import PREFIX, Settings
from support.project import REPOSITORY

UNIT = REPOSITORY / "delivery" / "codedeploy" / "abalone.service"
MAX_EXPOSURE = 1.5  # of 10; a unit without any restriction has 9.6

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


def setting(name: str) -> str:
    (value,) = re.findall(rf"(?m)^{name}=(.*)$", UNIT.read_text(encoding="utf-8"))
    return value


def analyze(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


@needs_systemd
def test_systemd_understands_every_line(tmp_path: Path) -> None:
    # the interpreter of a release is not on this machine
    unit = tmp_path / "abalone.service"
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/abalone/current/venv/bin/python", sys.executable))

    completed = analyze("verify", unit)

    assert [line for line in completed.stderr.splitlines() if "abalone.service" in line] == []
    assert completed.returncode == 0


@needs_systemd
def test_service_is_exposed_to_little_and_exposes_little() -> None:
    completed = analyze("security", "--offline=true", "--no-pager", UNIT)

    (exposure,) = re.findall(r"Overall exposure level for abalone.service: ([\d.]+)", completed.stdout)
    assert float(exposure) <= MAX_EXPOSURE


def test_stop_leaves_time_for_what_was_accepted() -> None:
    drain_seconds = Settings.model_fields["drain_seconds"].default

    assert setting("KillSignal") == "SIGTERM"
    assert setting("KillMode") == "mixed"
    assert drain_seconds < float(setting("TimeoutStopSec"))


def test_service_starts_the_module_with_the_code_of_its_release() -> None:
    assert setting("ExecStart") == "/opt/abalone/current/venv/bin/python -m abalone.serving serve"
    assert setting("Environment").split()[0] == "PYTHONPATH=/opt/abalone/current/code"
    assert f"{PREFIX}HOST=0.0.0.0" in setting("Environment")
