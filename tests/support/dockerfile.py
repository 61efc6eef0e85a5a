"""Reads the Dockerfile, and does what a target of it does, in a scratch root and without an engine."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from support.project import REPOSITORY

DOCKERFILE = REPOSITORY / "Dockerfile"


@dataclass(frozen=True)
class Instruction:
    """One instruction, its continuation lines joined, and the stage that it belongs to."""

    name: str
    arguments: str
    stage: str

    @property
    def exec_form(self) -> list[str]:
        return json.loads(self.arguments)


def read_dockerfile() -> list[Instruction]:
    lines = [line for line in DOCKERFILE.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    instructions, stage = [], ""
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line.strip():
            name, arguments = line.split(maxsplit=1)
            if name == "FROM":
                stage = arguments.rsplit(" AS ", maxsplit=1)[1]
            instructions.append(Instruction(name, arguments, stage))
    return instructions


INSTRUCTIONS = read_dockerfile()
STAGES = {instruction.stage for instruction in INSTRUCTIONS} - {""}


@dataclass
class Image:
    """What a target comes to.

    Attributes:
        root: Where its files are: every absolute path of the Dockerfile is below it.
        environment: Its variables.
        folder: Its working directory, below the root.
        command: What it runs, of ENTRYPOINT and CMD.
        health_command: What tells whether it is healthy.
    """

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = Path()
    command: list[str] = field(default_factory=list)
    health_command: list[str] = field(default_factory=list)

    def below_root(self, text: str) -> str:
        """Move every absolute path in a text below the root."""
        return re.sub(r"(?<![\w/.])/(opt|home)\b", rf"{self.root}/\1", text)


def build(target: str, root: Path, installer_environment: Mapping[str, str]) -> Image:
    """Do what the stages of a target do.

    Args:
        target: The last stage.
        root: An empty folder.
        installer_environment: Further variables for RUN alone, such as where pip finds its index.
    """
    parents = {i.stage: i.arguments.split()[-3] for i in INSTRUCTIONS if i.name == "FROM"}
    stages = {stage: root / stage for stage in STAGES}
    return _build(target, parents, stages, dict(installer_environment))


def _build(stage: str, parents: Mapping[str, str], roots: Mapping[str, Path], installer: dict[str, str]) -> Image:
    image = Image(roots[stage])
    image.root.mkdir(parents=True)
    image.folder = image.root
    for each in _with_ancestors(stage, parents):
        _apply(each, image, parents, roots, installer)
    return image


def _with_ancestors(stage: str, parents: Mapping[str, str]) -> list[Instruction]:
    own = [instruction for instruction in INSTRUCTIONS if instruction.stage == stage]
    return [*_with_ancestors(parents[stage], parents), *own] if stage in parents else own


def _apply(
    instruction: Instruction,
    image: Image,
    parents: Mapping[str, str],
    roots: Mapping[str, Path],
    installer: dict[str, str],
) -> None:
    text = image.below_root(instruction.arguments)
    match instruction.name:
        case "ENV":
            for name, value in (pair.split("=", 1) for pair in text.split()):
                image.environment[name] = value.replace("$PATH", "/usr/bin:/bin")
        case "WORKDIR":
            image.folder = Path(text) if text != "/" else image.root
            image.folder.mkdir(parents=True, exist_ok=True)
        case "COPY" if (found := re.match(r"--from=(\S+) (\S+) (\S+)$", instruction.arguments)) is not None:
            origin, source, target = found.groups()
            if not roots[origin].exists():
                _build(origin, parents, roots, installer)
            # a link is as good as a copy of what nobody changes
            source, target = roots[origin] / source.lstrip("/"), image.root / target.lstrip("/")
            shutil.copytree(source, target, symlinks=True, copy_function=os.link)
        case "COPY":
            *sources, target = text.split()
            for source in sources:
                _copy(REPOSITORY / source, image.folder / target / (Path(source).name if target.endswith("/") else ""))
        case "RUN":
            _run(json.loads(text), image, installer)
        case "ENTRYPOINT":
            image.command = json.loads(text)
        case "CMD":
            image.command += json.loads(text)
        case "HEALTHCHECK":
            image.health_command = json.loads(text[text.index("[") :])


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _run(command: list[str], image: Image, installer: dict[str, str]) -> None:
    environment = installer | image.environment
    program = shutil.which(command[0], path=environment["PATH"].removesuffix(":/usr/bin:/bin"))
    # What is not in the environment of the image yet is that of the base image.
    base_image = {"python": [sys._base_executable], "pip": [sys.executable, "-m", "pip"]}  # type: ignore[attr-defined]
    words = [program] if program else base_image[command[0]]
    subprocess.run([*words, *command[1:]], cwd=image.folder, env=environment, check=True, stdin=subprocess.DEVNULL)
