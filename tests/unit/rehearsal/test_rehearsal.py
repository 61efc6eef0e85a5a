"""AWS on this machine, with a real server and real commands."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from benchmarks.sagemaker.environments import ISOLATED, link_sets

from abalone.rehearsal.local_aws import local_aws
from support.project import REPOSITORY

REHEARSAL = [sys.executable, "-m", "abalone.rehearsal"]
PRINT_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"


def rehearse(*command: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*REHEARSAL, "--", *command],
        cwd=REPOSITORY,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def environment_in_rehearsal(env: Mapping[str, str]) -> dict[str, str]:
    completed = rehearse(sys.executable, "-c", PRINT_ENVIRONMENT, env=env)
    assert completed.returncode == 0, completed.stderr
    return json.loads(completed.stdout)


def answers(endpoint: str) -> bool:
    address = urlsplit(endpoint)
    try:
        socket.create_connection((address.hostname or "", address.port or 0), timeout=5).close()
    except OSError:
        return False
    return True


def test_command_finds_the_landing_zone_in_the_bucket() -> None:
    program = (
        "import os, boto3\n"
        "listing = boto3.client('s3').list_objects_v2(Bucket=os.environ['ABALONE_BUCKET'])\n"
        "print([item['Key'] for item in listing['Contents']])\n"
    )

    completed = rehearse(sys.executable, "-c", program)

    assert completed.returncode == 0, completed.stderr
    assert "data/01_raw/landing/uci_abalone.csv" in completed.stdout


def test_command_can_reach_no_other_aws() -> None:
    real = {
        "AWS_PROFILE": "production",
        "AWS_ENDPOINT_URL": "https://elsewhere.invalid",
        "AWS_ENDPOINT_URL_S3": "https://elsewhere.invalid",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_SESSION_TOKEN": "real",
        "AWS_CONFIG_FILE": "/somewhere/config",
        "ABALONE_BUCKET": "production",
    }

    environment = environment_in_rehearsal(real)

    assert urlsplit(environment["AWS_ENDPOINT_URL"]).hostname == "127.0.0.1"
    assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL_S3", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_SESSION_TOKEN"} & set(
        environment
    )
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert environment["AWS_ACCESS_KEY_ID"] == environment["AWS_SECRET_ACCESS_KEY"] == "rehearsal"
    assert environment["ABALONE_BUCKET"] == "abalone-rehearsal"


def test_command_has_every_variable_that_the_configuration_cannot_do_without() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (REPOSITORY / "conf").glob("*/*.yml")]
    named = {name for text in texts for name in re.findall(r"oc\.env:(\w+)}", text)}

    with local_aws() as aws:
        given = aws.variables

    assert named
    assert named <= set(given)


def test_command_of_this_environment_is_found_first() -> None:
    environment = environment_in_rehearsal({"PATH": "/usr/bin"})

    assert environment["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)


def test_exit_code_is_that_of_the_command() -> None:
    completed = rehearse(sys.executable, "-c", "raise SystemExit(7)")

    assert completed.returncode == 7


def test_command_that_does_not_exist_is_told_in_one_line() -> None:
    completed = rehearse("no-such-command")

    assert completed.returncode == 1
    assert completed.stderr.splitlines()[-1] == "Error: no-such-command could not be started: No such file or directory"


def test_server_ends_with_the_command() -> None:
    endpoint = environment_in_rehearsal({})["AWS_ENDPOINT_URL"]

    assert not answers(endpoint)


@contextmanager
def rehearsal_of_a_long_command(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """A rehearsal whose command has started and waits, and its endpoint."""
    started = tmp_path / "endpoint"
    program = (
        f"import os, pathlib, time\npath = pathlib.Path({str(tmp_path / 'part')!r})\n"
        f"path.write_text(os.environ['AWS_ENDPOINT_URL'])\npath.rename({str(started)!r})\ntime.sleep(600)\n"
    )
    process = subprocess.Popen(
        [*REHEARSAL, "--", sys.executable, "-c", program],
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not started.exists():
            assert process.poll() is None
            time.sleep(0.05)
        yield process, started.read_text()
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_server_and_command_end_when_the_rehearsal_is_ended(signum: signal.Signals, tmp_path: Path) -> None:
    with rehearsal_of_a_long_command(tmp_path) as (process, endpoint):
        assert answers(endpoint)

        process.send_signal(signum)
        code = process.wait(60)

        assert code == 128 + signum
        assert not answers(endpoint)


def test_missing_server_is_told_with_the_remedy(tmp_path: Path) -> None:
    variables = link_sets(tmp_path, "run", "aws")

    completed = subprocess.run(
        [sys.executable, ISOLATED, "-m", "abalone.rehearsal"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )

    assert completed.returncode == 1
    assert completed.stderr == (
        "Error: AWS on this machine needs moto of the aws and rehearsal sets, which `make rehearsal` installs\n"
    )


def test_bucket_of_the_server_can_be_named() -> None:
    with local_aws("another-bucket") as aws:
        names = [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]]

    assert names == ["another-bucket"]
