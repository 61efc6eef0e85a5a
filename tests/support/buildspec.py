"""Runs the phases of a CodeBuild buildspec in bash: one shell for all commands; the first failure ends the build."""

import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PHASES = ("install", "pre_build", "build", "post_build")


@dataclass(frozen=True)
class Build:
    """What a build came to: its exit code, its log, and the variables that it exports."""

    code: int
    log: str
    exported: dict[str, str]


def load_buildspec(path: Path) -> dict[str, Any]:
    spec = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert spec["version"] == 0.2
    assert spec["env"]["shell"] == "bash"
    assert set(spec["phases"]) <= set(PHASES)
    return spec


def run_buildspec(path: Path, source: Path, scratch: Path, env: Mapping[str, str]) -> Build:
    spec = load_buildspec(path)
    commands = [command for phase in PHASES for command in spec["phases"].get(phase, {}).get("commands", [])]
    exported = scratch / "exported"
    script = [f"eval {shlex.quote(command)}\nstatus=$?; ((status == 0)) || exit $status" for command in commands]
    script.append(f"env -0 > {shlex.quote(str(exported))}")
    completed = subprocess.run(
        ["bash", "-c", "\n".join(script)], cwd=source, env=dict(env), capture_output=True, text=True, check=False
    )
    variables = dict(
        line.split("=", 1) for line in (exported.read_text().split("\0") if exported.exists() else []) if line
    )
    return Build(
        completed.returncode,
        completed.stdout + completed.stderr,
        {name: variables[name] for name in spec["env"]["exported-variables"] if name in variables},
    )
