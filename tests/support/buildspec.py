"""A build of CodeBuild on this machine, with its log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from abalone.rehearsal.codebuild.build import Build, run_build
from abalone.rehearsal.codebuild.buildspec import load_buildspec
from support.project import REPOSITORY

BUILDSPECS = REPOSITORY / "delivery" / "buildspec"


@dataclass(frozen=True)
class LoggedBuild:
    """What a build came to, and what it printed."""

    build: Build
    lines: list[str] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        return self.build.succeeded

    @property
    def exported(self) -> dict[str, str]:
        return self.build.exported

    @property
    def log(self) -> str:
        return "\n".join(self.lines)


def run_buildspec(path: Path, source: Path, output: Path, variables: Mapping[str, str]) -> LoggedBuild:
    """Run a buildspec in a folder, with these variables over those of this process that every build has."""
    lines: list[str] = []
    return LoggedBuild(run_build(load_buildspec(path), source, output, variables, lines.append), lines)
