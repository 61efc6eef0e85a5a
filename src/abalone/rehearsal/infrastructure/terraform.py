"""Terraform, run in a folder."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abalone.errors import AbaloneError
from abalone.rehearsal.infrastructure.mirror import find_mirror

UNATTENDED = ("-input=false", "-no-color")
PARALLEL = "-parallelism=20"
"""Most of the time is waiting for what Terraform asks about again and again."""
PLAN = "plan.bin"
CHANGES = 2
"""Exit code of a plan that has changes."""


@dataclass(frozen=True)
class Terraform:
    """A configuration and its state.

    Attributes:
        directory: Where the configuration is.
        environment: Variables of the processes.
    """

    directory: Path
    environment: Mapping[str, str]

    def init(self) -> None:
        """Get modules and providers; from a mirror on this machine, where there is one."""
        mirror = find_mirror()
        self._run("init", *UNATTENDED, *([f"-plugin-dir={mirror}"] if mirror else []))

    def apply(self) -> None:
        """Make the account what the configuration says."""
        self._run("apply", *UNATTENDED, "-auto-approve", PARALLEL)

    def plan(self, *, refresh: bool = True, **variables: str) -> dict[str, list[str]]:
        """Return what an apply would do, by address: create, update, delete or several of them.

        Args:
            refresh: Whether the account is asked, or the state is believed.
            variables: Of the configuration, other than they are.
        """
        given = [f"-var={name}={value}" for name, value in variables.items()]
        options = [*UNATTENDED, "-detailed-exitcode", f"-refresh={str(refresh).lower()}", f"-out={PLAN}"]
        if self._run("plan", *options, PARALLEL, *given, expected=(0, CHANGES)).returncode == 0:
            return {}
        plan = json.loads(self._run("show", "-json", PLAN).stdout)
        changes = {f"output.{name}": change["actions"] for name, change in plan.get("output_changes", {}).items()}
        changes |= {change["address"]: change["change"]["actions"] for change in plan["resource_changes"]}
        return {address: actions for address, actions in changes.items() if actions != ["no-op"]}

    def apply_plan(self) -> None:
        """Do what the last plan says."""
        self._run("apply", *UNATTENDED, PARALLEL, PLAN)

    def destroy(self, *, refresh: bool) -> None:
        """Remove everything that is in the state from the account.

        Args:
            refresh: Whether the account is asked what of it is there, or the state is believed.
        """
        self._run("destroy", *UNATTENDED, "-auto-approve", f"-refresh={str(refresh).lower()}", PARALLEL)

    def resources(self) -> list[str]:
        """Return the addresses of the resources in the state, without what is only read."""
        return [address for address in self._run("state", "list").stdout.split() if ".data." not in f".{address}"]

    def outputs(self) -> dict[str, Any]:
        """Return the outputs of the configuration."""
        return {name: output["value"] for name, output in json.loads(self._run("output", "-json").stdout).items()}

    def _run(self, *arguments: str, expected: tuple[int, ...] = (0,)) -> "subprocess.CompletedProcess[str]":
        program = shutil.which("terraform")
        if program is None:
            raise AbaloneError("Terraform is not on PATH: install version 1.11 or newer")
        with subprocess.Popen(  # noqa: S603
            [program, *arguments],
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                out, errors = process.communicate()
            except BaseException:
                process.terminate()  # killed, it would leave its providers behind
                process.communicate()
                raise
        if process.returncode not in expected:
            raise AbaloneError(f"terraform {arguments[0]} failed in {self.directory}:\n{errors.strip()}")
        return subprocess.CompletedProcess(process.args, process.returncode, out, errors)
