"""The builds of the delivery path, on this machine; only what AWS itself runs has something in its place."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from abalone.rehearsal.codebuild.buildspec import load_buildspec
from support.buildspec import BUILDSPECS, LoggedBuild, run_buildspec
from support.checkout import new_checkout
from support.sagemaker_account import new_account
from support.sagemaker_executions import REFUSED, Executions, ending_executions

pytestmark = pytest.mark.timeout(900)

NOT_FORMATTED = "x = {  'a':1 }\n"
FAILING_TEST = "def test_that_fails() -> None:\n    assert 1 + 1 == 3\n"


def verify(checkout: Path, tests: str) -> LoggedBuild:
    variables = {
        "PATH": os.environ["PATH"],
        "ARGS": f"--numprocesses 0 {tests}",
        "MYPY_CACHE_DIR": str(checkout.parent / "mypy"),
        "KEDRO_DISABLE_TELEMETRY": "1",
    }
    return run_buildspec(BUILDSPECS / "verify.yml", checkout, checkout.parent / "output", variables)


@contextmanager
def added(path: Path, text: str) -> Iterator[None]:
    """A file that is there as long as the context is open."""
    path.write_text(text)
    try:
        yield
    finally:
        path.unlink()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with hardly any of its tests and documents, so that lint and tests are done in seconds."""
    parts = ("conf", "delivery", "requirements", "src", "LICENSE", "Makefile", "README.md", "pyproject.toml")
    some = ("benchmarks/__init__.py", "docs/adr", "tests/unit/test_schema.py")
    return new_checkout(tmp_path_factory.mktemp("verify") / "source", *parts, *some)


def test_verify_reports_the_tests_and_packs_what_is_deployed_without_an_image(checkout: Path) -> None:
    build = verify(checkout, "tests/unit/test_schema.py")

    assert build.succeeded, build.log
    report = build.build.reports["tests"]
    assert report["tests"] > 0
    assert report["failures"] == report["errors"] == 0
    with zipfile.ZipFile(build.build.artifacts["artifact"]) as archive:
        packed = set(archive.namelist())
    assert packed == {
        "lambdas.zip",
        *(f"glue/{name}" for name in ("abalone.whl", "conf.tar.gz", "etl.py", "requirements.txt")),
    }


def test_verify_fails_with_a_test_that_fails_and_reports_it(checkout: Path) -> None:
    with added(checkout / "tests" / "unit" / "test_failing.py", FAILING_TEST):
        build = verify(checkout, "tests/unit/test_failing.py")

    assert not build.succeeded
    assert build.build.reports["tests"] == {"tests": 1, "failures": 1, "errors": 0, "skipped": 0}


def test_verify_fails_with_code_that_lint_refuses_before_any_test(checkout: Path) -> None:
    with added(checkout / "src" / "abalone" / "refused.py", NOT_FORMATTED):
        build = verify(checkout, "tests/unit/test_schema.py")

    assert not build.succeeded
    assert "Running command make test" not in build.log


@pytest.fixture(scope="module")
def executions() -> Iterator[Executions]:
    with new_account() as account, ending_executions(account) as executions:
        yield executions


@pytest.fixture(scope="module")
def training_checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parts = ("conf", "requirements", "src", "Makefile", "pyproject.toml")
    return new_checkout(tmp_path_factory.mktemp("train") / "source", *parts)


def train(checkout: Path, executions: Executions) -> LoggedBuild:
    variables = {**executions.env, "PATH": os.environ["PATH"], "ABALONE_ENV": "dev", "KEDRO_DISABLE_TELEMETRY": "1"}
    return run_buildspec(BUILDSPECS / "train.yml", checkout, checkout.parent / "output", variables)


def test_train_hands_on_the_model_that_it_registered(training_checkout: Path, executions: Executions) -> None:
    build = train(training_checkout, executions)

    assert build.succeeded, build.log
    (package,) = executions.packages()
    assert build.exported == {
        "MODEL_PACKAGE_ARN": package["ModelPackageArn"],
        "MODEL_DATA_URL": package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"],
    }
    with zipfile.ZipFile(build.build.artifacts["artifact"]) as archive:
        assert json.loads(archive.read("outcome.json"))["model_package_arn"] == package["ModelPackageArn"]


def test_train_stores_the_pipeline_of_monitoring_with_the_image_of_the_build(executions: Executions) -> None:
    stored = executions.account.sagemaker.describe_pipeline(PipelineName="abalone-dev-monitoring")

    (step,) = json.loads(stored["PipelineDefinition"])["Steps"]
    assert step["Arguments"]["AppSpecification"]["ImageUri"] == executions.env["ABALONE_IMAGE"]


def test_train_fails_when_the_gate_refuses_and_hands_on_nothing(
    training_checkout: Path, executions: Executions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executions, "passes", False)

    build = train(training_checkout, executions)

    assert not build.succeeded
    assert REFUSED in build.log
    assert build.exported == {}
    assert build.build.artifacts == {}


@pytest.mark.parametrize("path", sorted(BUILDSPECS.glob("*.yml")), ids=lambda path: path.stem)
def test_commands_pass_shellcheck(path: Path) -> None:
    phases = [phase for _, phase in load_buildspec(path).phases if phase]
    script = "\n".join(["#!/usr/bin/env bash", *(command for phase in phases for command in phase.commands), ""])

    checked = subprocess.run(
        [Path(sys.prefix) / "bin" / "shellcheck", "-"], input=script, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("value", ["", "model.tar.gz", "s3://abalone/data/"])
def test_deploy_refuses_what_is_no_model_before_anything_is_made(value: str, tmp_path: Path) -> None:
    variables = {"PATH": os.environ["PATH"], "MODEL_DATA_URL": value, "ABALONE_PARAMETER_PREFIX": "/abalone/dev"}

    build = run_buildspec(BUILDSPECS / "deploy.yml", tmp_path, tmp_path / "output", variables)

    assert not build.succeeded
    assert f"MODEL_DATA_URL is '{value}': give the s3:// address" in build.log
    assert list(tmp_path.iterdir()) == []
