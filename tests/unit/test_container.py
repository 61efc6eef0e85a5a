"""What can be told of the images without an engine that builds them."""

import fnmatch
import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from abalone.sagemaker.job import ENTRY_POINT
from support.dockerfile import DOCKERFILE, INSTRUCTIONS, STAGES, Instruction
from support.project import REPOSITORY


def named(name: str) -> list[Instruction]:
    return [instruction for instruction in INSTRUCTIONS if instruction.name == name]


def of_stage(stage: str, name: str) -> list[Instruction]:
    return [instruction for instruction in named(name) if instruction.stage == stage]


def environment(stage: str) -> str:
    return " ".join(instruction.arguments for instruction in of_stage(stage, "ENV"))


def is_sent(path: str) -> bool:
    """Whether .dockerignore lets a file into the build: the last pattern that fits it, or a folder of it, decides."""
    sent = True
    for line in (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.strip().removeprefix("!")
        if not pattern or pattern.startswith("#"):
            continue
        prefixes = [path, *(parent.as_posix() for parent in Path(path).parents if parent != Path())]
        spellings = {pattern, pattern.removeprefix("**/")}
        if any(matches(prefix, spelling) for prefix in prefixes for spelling in spellings):
            sent = line.startswith("!")
    return sent


def matches(path: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(path, pattern) and (pattern.startswith("**") or path.count("/") == pattern.count("/"))


def test_base_image_is_pinned_by_full_version_and_takes_a_digest() -> None:
    bases = {instruction.arguments for instruction in named("FROM") if instruction.arguments.split()[-3] not in STAGES}

    assert bases == {"--platform=linux/amd64 python:3.11.14-slim-bookworm${PYTHON_DIGEST:+@${PYTHON_DIGEST}} AS base"}
    assert INSTRUCTIONS[0] == Instruction("ARG", 'PYTHON_DIGEST=""', "")


def test_image_is_made_of_no_latest_no_secret_and_no_script_of_the_network() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8").lower()

    for forbidden in (
        ":latest",
        "sudo",
        "curl",
        "wget",
        "password",
        "secret",
        "token",
        "index-url",
        "aws_access",
        "add ",
    ):
        assert forbidden not in text


def test_every_installation_is_locked_by_hashes_or_fetches_nothing() -> None:
    installations = [instruction.exec_form for instruction in named("RUN") if "install" in instruction.arguments]

    assert installations
    for command in installations:
        assert "--no-cache-dir" in command
        assert "--require-hashes" in command or {"--no-deps", "--no-build-isolation"} <= set(command)


@pytest.mark.parametrize(
    ("stage", "sets"), [("job-environment", ["run", "aws", "sagemaker"]), ("serve-environment", ["serving"])]
)
def test_image_has_the_locked_sets_of_what_it_does(stage: str, sets: list[str]) -> None:
    (locked,) = [run.exec_form for run in of_stage(stage, "RUN") if "--require-hashes" in run.arguments]
    locks = [name for flag, name in itertools.pairwise(locked) if flag == "-r"]

    assert locks == [f"requirements/{name}.txt" for name in sets]


def test_everything_that_is_copied_exists_and_reaches_the_build() -> None:
    copies = [copy.arguments.split()[:-1] for copy in named("COPY") if "--from=" not in copy.arguments]

    for source in (source for sources in copies for source in sources):
        path = REPOSITORY / source
        files = [path] if path.is_file() else [file for file in path.rglob("*.*") if "__pycache__" not in file.parts]
        assert files, source
        assert [file for file in files if not is_sent(file.relative_to(REPOSITORY).as_posix())] == []


def test_installation_has_every_file_that_the_package_names() -> None:
    copied = " ".join(copy.arguments for copy in of_stage("job-environment", "COPY"))

    assert {"pyproject.toml", "README.md", "LICENSE", "src"} <= set(copied.split())


@pytest.mark.parametrize(
    "path",
    [
        "data/01_raw/landing/uci_abalone.csv",
        "data/06_models/champion.json",
        ".git/config",
        ".env",
        ".venv/bin/python",
        "conf/local/credentials.yml",
        "src/abalone/__pycache__/cli.cpython-311.pyc",
        "tests/conftest.py",
    ],
)
def test_data_credentials_and_history_stay_outside(path: str) -> None:
    assert not is_sent(path)


def test_image_tells_nobody_that_it_runs_and_prints_at_once() -> None:
    for variable in ("KEDRO_DISABLE_TELEMETRY=1", "DO_NOT_TRACK=1", "PYTHONUNBUFFERED=1"):
        assert variable in environment("base")


@pytest.mark.parametrize("stage", ["job", "serve"])
def test_image_knows_the_commit_that_it_was_built_from(stage: str) -> None:
    (label,) = of_stage(stage, "LABEL")

    assert "org.opencontainers.image.revision=$GIT_COMMIT" in label.arguments


def test_job_has_the_commit_for_the_provenance_of_its_model() -> None:
    assert "ABALONE_GIT_COMMIT=$GIT_COMMIT" in environment("job")


def test_kedro_project_is_where_the_job_starts() -> None:
    (folder,) = of_stage("base", "WORKDIR")
    targets = {copy.arguments.split()[-1] for copy in of_stage("job", "COPY")}

    assert folder == Instruction("WORKDIR", "/home/kedro", "base")
    assert {"conf", "src", "./"} <= targets


def test_job_starts_the_module_that_the_compiled_pipeline_starts() -> None:
    (entry_point,) = of_stage("job", "ENTRYPOINT")

    assert entry_point.exec_form == list(ENTRY_POINT) == ["python", "-m", "abalone.sagemaker.job"]


def test_every_instruction_that_runs_something_is_in_exec_form() -> None:
    for instruction in INSTRUCTIONS:
        if instruction.name in ("RUN", "ENTRYPOINT", "CMD"):
            assert instruction.exec_form


def test_service_starts_the_way_sagemaker_starts_it() -> None:
    (entry_point,), (command,) = of_stage("serve", "ENTRYPOINT"), of_stage("serve", "CMD")
    (label,), (port,), (signal,) = (of_stage("serve", name) for name in ("LABEL", "EXPOSE", "STOPSIGNAL"))

    assert entry_point.exec_form == ["python", "-m", "abalone.serving"]
    assert command.exec_form == ["serve"]
    assert "com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true" in label.arguments
    assert (port.arguments, signal.arguments) == ("8080", "SIGTERM")
    assert "ABALONE_SERVING_HOST=0.0.0.0" in environment("serve")


def test_service_does_not_run_as_root() -> None:
    (user,) = of_stage("serve", "USER")

    assert [int(number) > 0 for number in user.arguments.split(":")] == [True, True]


def test_service_has_the_code_that_serves_and_no_other() -> None:
    sources = {source for copy in of_stage("serve-environment", "COPY") for source in copy.arguments.split()[:-1]}

    assert sources == {
        "requirements/serving.txt",
        *(f"src/abalone/{name}" for name in ("__init__.py", "errors.py", "schema.py", "serving")),
        *(f"src/abalone/model/{name}" for name in ("__init__.py", "artifact.py")),
    }


def test_linter_of_dockerfiles_finds_nothing() -> None:
    completed = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), DOCKERFILE], capture_output=True, text=True, check=False
    )

    assert (completed.returncode, completed.stdout) == (0, "")
