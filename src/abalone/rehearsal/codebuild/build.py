"""A build: the phases of a buildspec in their order, then its reports and artifacts."""

import os
import shutil
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.rehearsal.codebuild.artifacts import pack
from abalone.rehearsal.codebuild.buildspec import Artifacts, Buildspec, Phase, Report
from abalone.rehearsal.codebuild.reports import read_report
from abalone.rehearsal.codebuild.shell import Shell

PRIMARY = "artifact"
SUCCEEDING = "CODEBUILD_BUILD_SUCCEEDING"

PROXIES = ("http_proxy", "https_proxy", "no_proxy")
# What a command needs of this machine. Nothing else that is set here is set in CodeBuild.
KEPT = {
    "HOME",
    "LANG",
    "PATH",
    "TMPDIR",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    *PROXIES,
    *map(str.upper, PROXIES),
}
KEPT_PREFIXES = ("AWS_", "PIP_")


@dataclass(frozen=True)
class PhaseResult:
    """How a phase ended."""

    name: str
    succeeded: bool
    seconds: float


@dataclass
class Build:
    """What a build came to.

    Attributes:
        phases: Those that ran, in their order.
        exported: The variables that are handed on, by name.
        reports: Counts of tests, by report group; without those that cannot be read.
        artifacts: Zip files, by identifier; that of `artifacts` itself is `artifact`.
    """

    phases: list[PhaseResult] = field(default_factory=list)
    exported: dict[str, str] = field(default_factory=dict)
    reports: dict[str, dict[str, int]] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        """Whether no phase failed."""
        return all(phase.succeeded for phase in self.phases)


def run_build(
    buildspec: Buildspec, source: Path, output: Path, variables: Mapping[str, str], log: Callable[[str], None]
) -> Build:
    """Run a build in a folder.

    A phase that fails ends the build, but for `build`, after which `post_build` and the artifacts still come. With
    `on-failure`, ABORT ends the build in any phase, and CONTINUE in none; the build has failed in any case.

    Args:
        buildspec: What is done.
        source: Folder of the sources, in which the commands start.
        output: Folder that the artifacts are written to.
        variables: Over those of the buildspec.
        log: Called with each line of the log.

    Raises:
        AbaloneError: The version of Python that the buildspec asks for is not on PATH.
    """
    environment = _environment(buildspec, source, variables)
    _check_python(buildspec, environment["PATH"])
    build = Build()
    shell = Shell(source, environment, log)
    try:
        goes_on = _run_phases(buildspec, shell, build, log)
        exported = set(buildspec.env.exported_variables) & set(shell.variables)
        build.exported = {name: shell.variables[name] for name in sorted(exported)}
    finally:
        shell.close()
    _count(buildspec.reports, source, build, log)
    if goes_on and buildspec.artifacts:
        _upload(buildspec.artifacts, source, output, build, log)
    return build


def _environment(buildspec: Buildspec, source: Path, variables: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith(KEPT_PREFIXES)}
    own = {"CODEBUILD_BUILD_ID": f"rehearsal:{uuid.uuid4()}", "CODEBUILD_SRC_DIR": str(source), SUCCEEDING: "1"}
    return {**kept, **own, **buildspec.env.variables, **variables}


def _check_python(buildspec: Buildspec, path: str) -> None:
    install = buildspec.phases.install
    version = install.runtime_versions.get("python") if install else None
    if version and not shutil.which(f"python{version}", path=path):
        raise AbaloneError(f"the buildspec is for Python {version}: put python{version} on PATH")


def _run_phases(buildspec: Buildspec, shell: Shell, build: Build, log: Callable[[str], None]) -> bool:
    """Run the phases, and tell whether what comes after them comes."""
    for name, phase in buildspec.phases:
        if phase is None:
            continue
        started = time.monotonic()
        succeeded = _run_phase(phase, shell)
        result = PhaseResult(name.upper(), succeeded, time.monotonic() - started)
        build.phases.append(result)
        log(f"[Container] Phase complete: {result.name} State: {'SUCCEEDED' if succeeded else 'FAILED'}")
        if not succeeded:
            shell.run(f"export {SUCCEEDING}=0")
            if phase.on_failure == "ABORT" or (phase.on_failure is None and name in {"install", "pre_build"}):
                return False
    return True


def _run_phase(phase: Phase, shell: Shell) -> bool:
    succeeded = _run_commands(phase.commands, shell)
    return _run_commands(phase.finally_ or (), shell) and succeeded


def _run_commands(commands: tuple[str, ...], shell: Shell) -> bool:
    return all(shell.run(command) == 0 for command in commands)


def _count(reports: Mapping[str, Report], source: Path, build: Build, log: Callable[[str], None]) -> None:
    for name, report in reports.items():
        try:
            build.reports[name] = read_report(source, report)
        except AbaloneError as error:
            log(f"[Container] {error}")


def _upload(artifacts: Artifacts, source: Path, output: Path, build: Build, log: Callable[[str], None]) -> None:
    started = time.monotonic()
    output.mkdir(parents=True, exist_ok=True)
    succeeded = True
    for name, artifact in {PRIMARY: artifacts, **artifacts.secondary_artifacts}.items():
        path = output / f"{name}.zip"
        try:
            pack(source, artifact, path)
        except AbaloneError as error:
            log(f"[Container] {error}")
            succeeded = False
        else:
            build.artifacts[name] = path
    build.phases.append(PhaseResult("UPLOAD_ARTIFACTS", succeeded, time.monotonic() - started))
