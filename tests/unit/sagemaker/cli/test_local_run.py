import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.cli.local_run import require_local_aws, run_here
from support.executable_definitions import definition, fail, processing
from support.project import REPOSITORY
from support.s3 import BUCKET
from support.sagemaker_account import Account, new_account

INTERRUPTED = """
import signal, sys
from pathlib import Path
from types import SimpleNamespace as Fields
from abalone.sagemaker.cli.local_run import run_here
from support.executable_definitions import definition, processing
signal.signal(signal.SIGINT, signal.default_int_handler)
compiled = Fields(
    pipeline=Fields(name="abalone-dev"),
    configuration=Fields(aws=Fields(bucket="{bucket}")),
    definition=definition(processing("ingestion", "time.sleep(600)")),
    files={{}},
)
sys.exit(run_here(compiled, {{}}, scratch=Path("{scratch}"), project=Path.cwd()))
"""


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with new_account() as aws:
        for name, value in aws.env.items():
            monkeypatch.setenv(name, value)
        yield aws


@pytest.fixture
def no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SAGEMAKER"):
        monkeypatch.delenv(name, raising=False)


def compiled(*steps: dict[str, Any]) -> Any:
    """What the command reads of a compiled pipeline."""
    return SimpleNamespace(
        pipeline=SimpleNamespace(name="abalone-dev"),
        configuration=SimpleNamespace(aws=SimpleNamespace(bucket=BUCKET)),
        definition=definition(*steps),
        files={f"s3://{BUCKET}/parameters/a": b"{}"},
    )


@pytest.mark.parametrize(
    "endpoints",
    [
        {},
        {"AWS_ENDPOINT_URL": ""},
        {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"},
        {"AWS_ENDPOINT_URL_SAGEMAKER": "http://127.0.0.1:9"},
    ],
)
@pytest.mark.usefixtures("no_endpoint")
def test_rehearsal_that_would_write_into_the_account_is_refused(
    monkeypatch: pytest.MonkeyPatch, endpoints: dict[str, str]
) -> None:
    for name, value in endpoints.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(AbaloneError, match="`make rehearsal` starts one"):
        require_local_aws()


@pytest.mark.parametrize("names", [["AWS_ENDPOINT_URL"], ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SAGEMAKER"]])
@pytest.mark.usefixtures("no_endpoint")
def test_rehearsal_on_an_aws_of_its_own_is_let_pass(monkeypatch: pytest.MonkeyPatch, names: list[str]) -> None:
    for name in names:
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    require_local_aws()


def test_execution_that_succeeds_is_exit_code_0_and_its_last_line(
    account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_here(compiled(processing("ingestion")), {}, scratch=tmp_path, project=REPOSITORY)

    assert code == 0
    assert account.read("parameters/a") == b"{}"
    assert capsys.readouterr().out.splitlines()[-1] == "abalone-dev succeeded: 1 job, 0 of them from the cache"


@pytest.mark.usefixtures("account")
def test_job_that_fails_is_exit_code_1_with_the_end_of_its_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = processing("ingestion", "for number in range(40): print('line', number)\nsys.exit(1)")

    code = run_here(compiled(job), {}, scratch=tmp_path, project=REPOSITORY)

    out = capsys.readouterr().out
    assert code == 1
    assert "  line 39\n" in out
    assert "line 9\n" not in out
    assert out.splitlines()[-1].startswith("abalone-dev failed: ingestion: ")


@pytest.mark.usefixtures("account")
def test_fail_step_is_the_reason_in_the_last_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run_here(compiled(fail("refused", "RMSE 2.9 against 2.1")), {}, scratch=tmp_path, project=REPOSITORY)

    assert code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "abalone-dev failed: refused: RMSE 2.9 against 2.1"


def test_interrupted_execution_is_exit_code_130(account: Account, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED.format(bucket=BUCKET, scratch=tmp_path)],
        cwd=REPOSITORY / "tests",
        env={**os.environ, **account.env},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert next(line for line in process.stdout if "Executing" in line).startswith("ingestion")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()

    assert process.returncode == 130
    assert out.splitlines()[-1].startswith("Interrupted: the jobs were ended")
