"""What a buildspec may say here. What is unknown is refused: a rehearsal must not pass over what AWS would do."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from abalone.errors import AbaloneError

Files = Annotated[tuple[str, ...], Field(min_length=1)]
Commands = Annotated[tuple[str, ...], Field(min_length=1)]
YesOrNo = Annotated[bool, BeforeValidator(lambda given: given is True or given == "yes")]


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.strip("_").replace("_", "-")
    )


class Environment(_Strict):
    """Variables of all commands, and those that are handed on."""

    shell: Literal["bash"]
    variables: dict[str, str] = {}
    parameter_store: dict[str, str] = {}
    exported_variables: tuple[str, ...] = ()


class Phase(_Strict):
    """Commands of a phase; `finally` runs after them, however they ended."""

    commands: Commands
    finally_: Commands | None = None
    on_failure: Literal["ABORT", "CONTINUE"] | None = None


class Install(Phase):
    """The phase that may choose the version of Python as well."""

    runtime_versions: dict[Literal["python"], str] = {}


class Phases(BaseModel):
    """All phases, in their order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    install: Install | None = None
    pre_build: Phase | None = None
    build: Phase
    post_build: Phase | None = None


class Report(_Strict):
    """Files of one report group."""

    files: Files
    base_directory: str = "."
    file_format: Literal["JUNITXML"] = "JUNITXML"


class ArtifactFiles(_Strict):
    """Files of one artifact."""

    files: Files
    base_directory: str = "."
    discard_paths: YesOrNo = False


class Artifacts(ArtifactFiles):
    """The artifact of a build, and the further ones, by identifier."""

    secondary_artifacts: dict[str, ArtifactFiles] = {}


class Buildspec(_Strict):
    """A buildspec of version 0.2."""

    version: Annotated[float, Field(ge=0.2, le=0.2)]
    env: Environment
    phases: Phases
    reports: dict[str, Report] = {}
    artifacts: Artifacts | None = None


def load_buildspec(path: Path) -> Buildspec:
    """Read a buildspec.

    Args:
        path: Of the file.

    Raises:
        AbaloneError: It cannot be read, or says what is not carried out here. Every such key is named.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise AbaloneError(f"{path} is no buildspec that can be read: {' '.join(str(error).split())}") from error
    try:
        return Buildspec.model_validate(content)
    except ValidationError as error:
        faults = "; ".join(_told(tuple(map(str, each["loc"])), each["type"], each["msg"]) for each in error.errors())
        raise AbaloneError(f"{path}: {faults}") from None


def _told(place: tuple[str, ...], kind: str, message: str) -> str:
    name = ".".join(place) or "it"
    if kind == "extra_forbidden":
        return f"{name} is not carried out here: leave it out, or run this build in CodeBuild"
    if kind == "missing":
        return f"{name} is missing"
    return f"{name}: {message[0].lower()}{message[1:]}"
