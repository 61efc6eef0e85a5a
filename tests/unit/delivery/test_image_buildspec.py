"""The buildspec of the images, with stand-ins in the place of Docker and the AWS command line."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from abalone.rehearsal.codebuild.buildspec import load_buildspec
from support import registry_standins
from support.buildspec import BUILDSPECS, LoggedBuild, run_buildspec
from support.project import REPOSITORY

BUILDSPEC = BUILDSPECS / "image.yml"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
JOB = f"{registry_standins.REGISTRY}/abalone"
SERVING = f"{registry_standins.REGISTRY}/abalone-serving"


@dataclass(frozen=True)
class Place:
    """A checkout, and a registry that stand-ins keep in a folder."""

    source: Path
    registry: Path

    def build(self, **env: str) -> LoggedBuild:
        variables = {
            "PATH": f"{self.registry}:{os.environ['PATH']}",
            "STANDINS": str(self.registry),
            "ABALONE_REPOSITORY": JOB,
            "ABALONE_SERVING_REPOSITORY": SERVING,
            "CODEBUILD_RESOLVED_SOURCE_VERSION": COMMIT,
        }
        return run_buildspec(BUILDSPEC, self.source, self.registry / "output", {**variables, **env})

    def add_target(self, name: str) -> None:
        with (self.source / "Dockerfile").open("a") as file:
            file.write(f"\nFROM base AS {name}\n")

    def calls(self, *start: str) -> list[list[str]]:
        lines = (self.registry / "calls.jsonl").read_text().splitlines()
        return [call for call in map(json.loads, lines) if call[: len(start)] == list(start)]

    def pushed(self) -> dict[str, str]:
        return json.loads((self.registry / "state.json").read_text())["pushed"]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path / "source", tmp_path / "registry")
    registry_standins.install(place.registry)
    shutil.copytree(REPOSITORY / "delivery", place.source / "delivery")
    # whatever targets the Dockerfile has beside it, the job's is there
    (place.source / "Dockerfile").write_text("FROM python AS base\nFROM base AS job\n")
    return place


def test_job_image_is_pushed_under_its_commit_and_handed_on_by_digest(place: Place) -> None:
    build = place.build()

    assert build.succeeded, build.log
    assert list(place.pushed()) == [f"{JOB}:{COMMIT}"]
    assert build.exported["ABALONE_IMAGE"] == f"{JOB}@{place.pushed()[f'{JOB}:{COMMIT}']}"
    assert json.loads((place.source / "images.json").read_text()) == build.exported


def test_target_that_the_dockerfile_does_not_have_has_no_image(place: Place) -> None:
    build = place.build()

    assert build.exported["ABALONE_SERVING_IMAGE"] == ""


def test_both_images_are_pushed_each_to_its_repository(place: Place) -> None:
    place.add_target("serve")

    build = place.build()

    assert build.succeeded, build.log
    pushed = place.pushed()
    assert sorted(pushed) == [f"{SERVING}:{COMMIT}", f"{JOB}:{COMMIT}"]
    assert build.exported == {
        "ABALONE_IMAGE": f"{JOB}@{pushed[f'{JOB}:{COMMIT}']}",
        "ABALONE_SERVING_IMAGE": f"{SERVING}@{pushed[f'{SERVING}:{COMMIT}']}",
    }


def test_image_that_is_in_the_repository_is_not_built_again(place: Place) -> None:
    first = place.build()

    second = place.build()

    assert second.succeeded, second.log
    assert second.exported == first.exported
    assert len(place.calls("docker", "build")) == len(place.calls("docker", "push")) == 1


def test_image_is_one_for_linux_on_amd64_that_knows_its_commit(place: Place) -> None:
    place.build()

    (call,) = place.calls("docker", "build")
    assert call[call.index("--platform") + 1] == "linux/amd64"
    assert {"--provenance=false", "--sbom=false"} <= set(call)
    assert call[call.index("--build-arg") + 1] == f"GIT_COMMIT={COMMIT}"


def test_base_image_is_pinned_when_its_digest_is_given(place: Place) -> None:
    digest = f"sha256:{'0' * 64}"

    place.build(PYTHON_DIGEST=digest)

    (call,) = place.calls("docker", "build")
    assert f"PYTHON_DIGEST={digest}" in call


@pytest.mark.parametrize("broken", ["docker login", "docker build", "docker push", "aws ecr get-login-password"])
def test_build_fails_and_hands_on_nothing_when_a_command_fails(broken: str, place: Place) -> None:
    build = place.build(STANDINS_BROKEN=broken)

    assert not build.succeeded
    assert f"{broken}: it is broken" in build.log
    assert build.exported == {}
    assert not (place.source / "images.json").exists()


def test_failure_of_the_second_image_fails_the_build(place: Place) -> None:
    place.add_target("serve")

    build = place.build(STANDINS_BROKEN="docker build --target serve")

    assert not build.succeeded
    assert build.exported == {}


def test_error_of_the_registry_is_not_taken_for_a_missing_image(place: Place) -> None:
    build = place.build(STANDINS_BROKEN="aws ecr batch-get-image")

    assert not build.succeeded
    assert place.calls("docker") == []


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("CODEBUILD_RESOLVED_SOURCE_VERSION", "main", "'main' is no commit"),
        ("CODEBUILD_RESOLVED_SOURCE_VERSION", "", "'' is no commit"),
        ("ABALONE_REPOSITORY", "abalone", "'abalone' is no repository of ECR"),
    ],
)
def test_wrong_setting_is_told_before_anything_is_built(variable: str, value: str, told: str, place: Place) -> None:
    build = place.build(**{variable: value})

    assert not build.succeeded
    assert told in build.log
    assert not (place.registry / "calls.jsonl").exists()


def test_script_without_arguments_shows_its_usage(place: Place) -> None:
    script = place.source / "delivery" / "push_image.sh"

    completed = subprocess.run([script], capture_output=True, text=True, check=False)

    assert completed.returncode == 1
    assert "usage: push_image.sh TARGET REPOSITORY COMMIT" in completed.stderr


def test_dockerfile_has_both_targets() -> None:
    stages = re.findall(r"(?m)^FROM \S+(?: \S+)* AS (\S+)$", (REPOSITORY / "Dockerfile").read_text(encoding="utf-8"))

    assert {"job", "serve"} <= set(stages)


def test_buildspec_holds_no_secret_and_exports_no_more_than_the_images() -> None:
    spec = load_buildspec(BUILDSPEC)

    assert spec.env.variables == spec.env.parameter_store == {}
    assert spec.env.exported_variables == ("ABALONE_IMAGE", "ABALONE_SERVING_IMAGE")
    assert spec.artifacts is not None
    assert spec.artifacts.files == ("images.json",)
