"""The load test, against the real service."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.project import REPOSITORY
from support.service import RunningService, running_service

KEY = "key-of-this-test"
A_MOMENT = ("--users", "10", "--ramp-seconds", "0.1", "--seconds", "1", "--pace-seconds", "0.1")


@pytest.fixture(scope="module")
def service(artifact_directory: Path) -> Iterator[RunningService]:
    with running_service(artifact_directory) as service:
        yield service


def load_test(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_service_of_its_own_is_asked_with_the_key_and_its_memory_is_watched(artifact_directory: Path) -> None:
    completed = load_test("--model", str(artifact_directory), *A_MOMENT, ABALONE_SERVING_API_KEY=KEY)

    # Not the exit code: what a second says of memory is no matter.
    assert "| all |" in completed.stdout, completed.stdout + completed.stderr
    assert "| errors |  | 0 | 0 | pass |" in completed.stdout
    assert "| memory at the end over memory at the beginning |" in completed.stdout


def test_sagemaker_endpoint_is_asked_through_boto3(service: RunningService) -> None:
    account = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "eu-west-1"}

    completed = load_test("--endpoint", "abalone", *A_MOMENT, AWS_ENDPOINT_URL=service.url, **account)

    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert "| errors |  | 0 | 0 | pass |" in completed.stdout


def test_failed_requests_are_listed_by_kind_and_fail_the_test(artifact_directory: Path) -> None:
    with running_service(artifact_directory, api_key=KEY) as guarded:
        completed = load_test("--url", guarded.url, *A_MOMENT)

    assert completed.returncode == 1
    assert "| 401 unauthorized |" in completed.stdout


def test_url_that_nobody_serves_is_named_in_one_line() -> None:
    completed = load_test("--url", "http://127.0.0.1:9", *A_MOMENT)

    assert completed.returncode == 1
    assert completed.stdout == ""
    assert completed.stderr.startswith("http://127.0.0.1:9/ping does not answer")
    assert len(completed.stderr.splitlines()) == 1
