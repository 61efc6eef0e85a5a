import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from abalone.sagemaker.cli import remote_run
from support.definitions import DEFINITION
from support.project import REPOSITORY
from support.s3 import BUCKET
from support.sagemaker_account import ROLE, new_account
from support.sagemaker_server import EXECUTION, Look, Script, listed, ran, serving

QUESTION = b"Stop the execution, or leave it running?"


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[Script], int]:
    def wait(script: Script) -> int:
        with serving(script):
            for name, value in {**script.env, "AWS_MAX_ATTEMPTS": "1"}.items():
                monkeypatch.setenv(name, value)
            return remote_run.wait("abalone-dev", DEFINITION, EXECUTION, poll_seconds=0.01)

    return wait


def test_start_stores_files_and_pipeline_and_says_where_to_look(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    compiled: Any = SimpleNamespace(
        pipeline=SimpleNamespace(name="abalone-dev"),
        definition=DEFINITION,
        files={f"s3://{BUCKET}/parameters/a": b"{}"},
        configuration=SimpleNamespace(aws=SimpleNamespace(execution_role=ROLE), tags={}),
    )
    with new_account() as aws:
        for name, value in aws.env.items():
            monkeypatch.setenv(name, value)

        arn = remote_run.start(compiled, {"landing_batches-version": "a1b2"})

        assert aws.keys() == ["parameters/a"]
        assert aws.sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionArn"] == arn
    started, link = capsys.readouterr().out.splitlines()
    assert started == f"Started {arn}"
    assert link.startswith("See https://")


def test_start_executes_what_it_stored_though_another_user_updates_the_pipeline_in_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled: Any = SimpleNamespace(
        pipeline=SimpleNamespace(name="abalone-dev"),
        definition=DEFINITION,
        files={},
        configuration=SimpleNamespace(aws=SimpleNamespace(execution_role=ROLE), tags={}),
    )
    with serving(Script([])) as script:
        for name, value in script.env.items():
            monkeypatch.setenv(name, value)

        remote_run.start(compiled, {})

    assert script.started == script.updated


def test_success_is_exit_code_0_and_the_last_line(
    wait: Callable[[Script], int], capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [ran("ingestion", "Succeeded", 5, CacheHitResult={}), listed("training", "Succeeded", 5)]

    assert wait(Script([Look("Executing"), Look("Succeeded", steps)])) == 0

    assert capsys.readouterr().out.splitlines()[-1] == "abalone-dev succeeded: 2 jobs, 1 of them from the cache"


def test_failure_is_exit_code_1_with_link_log_and_reason(
    wait: Callable[[Script], int], capsys: pytest.CaptureFixture[str]
) -> None:
    failed = ran("ingestion", "Failed", 5, FailureReason="AlgorithmError: no batch")
    log = [f"line {number}" for number in range(40)]
    script = Script([Look("Failed", [failed])], logs={"pipelines-x1y2z3-ingestion/algo-1": log})

    assert wait(script) == 1

    out = capsys.readouterr().out
    assert "#/processing-jobs/pipelines-x1y2z3-ingestion" in out
    assert "line 9\n" not in out
    assert "  line 10\n" in out
    assert "  line 39\n" in out
    assert out.splitlines()[-1] == "abalone-dev failed: ingestion: AlgorithmError: no batch"


def test_failure_without_a_failed_step_tells_the_reason_of_the_execution(
    wait: Callable[[Script], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert wait(Script([Look("Failed", reason="the role may not be assumed")])) == 1

    assert capsys.readouterr().out.splitlines()[-1] == "abalone-dev failed: the role may not be assumed"


def test_execution_that_somebody_stopped_is_exit_code_1(
    wait: Callable[[Script], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert wait(Script([Look("Stopped", [listed("training", "Stopped", 5)])])) == 1

    assert capsys.readouterr().out.splitlines()[-1] == "abalone-dev was stopped"


@contextmanager
def watching(script: Script, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that watches a script, once it has begun to look."""
    with serving(script):
        process = subprocess.Popen(
            [sys.executable, "-m", "support.watching"],
            cwd=REPOSITORY / "tests",
            env={**os.environ, **script.env, "TERM": "xterm"},
            **streams,
        )
        try:
            deadline = time.monotonic() + 60
            while "ListPipelineExecutionSteps" not in script.calls:
                assert process.poll() is None, "the watch ended by itself"
                assert time.monotonic() < deadline, "the watch did not begin"
                time.sleep(0.05)
            yield process
        finally:
            process.kill()
            process.wait()


def running() -> Script:
    return Script([Look("Executing", [ran("ingestion", "Executing")])])


def test_interrupted_watch_without_a_terminal_leaves_the_execution_running() -> None:
    script = running()
    with watching(script, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)

    assert process.returncode == 130
    assert out.decode().splitlines()[-1] == f"The execution goes on: {EXECUTION}"
    assert "StopPipelineExecution" not in script.calls


class Terminal:
    """A terminal to run a process on."""

    def __init__(self) -> None:
        self._ours, self.theirs = pty.openpty()
        self.seen = b""

    def read_until(self, text: bytes) -> None:
        while text not in self.seen:
            self.seen += os.read(self._ours, 1024)

    def type(self, text: bytes) -> None:
        os.write(self._ours, text)


@pytest.mark.parametrize(
    ("answer", "exit_code", "stopped", "last"),
    [
        (b"s\n", 1, True, b"abalone-dev was stopped"),
        (b"l\n", 130, False, f"The execution goes on: {EXECUTION}".encode()),
    ],
)
def test_interrupted_watch_on_a_terminal_does_as_the_user_says(
    answer: bytes, exit_code: int, stopped: bool, last: bytes
) -> None:
    script, terminal = running(), Terminal()
    streams = {"stdin": terminal.theirs, "stdout": terminal.theirs, "stderr": terminal.theirs}
    with watching(script, **streams) as process:
        process.send_signal(signal.SIGINT)
        terminal.read_until(QUESTION)
        terminal.type(answer)
        terminal.read_until(last)
        process.wait(timeout=60)

    assert process.returncode == exit_code
    assert ("StopPipelineExecution" in script.calls) is stopped


def test_execution_that_ends_before_it_could_be_stopped_is_told_as_it_ended() -> None:
    script, terminal = running(), Terminal()
    streams = {"stdin": terminal.theirs, "stdout": terminal.theirs, "stderr": terminal.theirs}
    with watching(script, **streams) as process:
        process.send_signal(signal.SIGINT)
        terminal.read_until(QUESTION)
        script.faults["StopPipelineExecution"] = [(400, "ValidationException")]
        script.looks[:] = [Look("Succeeded")]
        terminal.type(b"s\n")
        terminal.read_until(b"abalone-dev succeeded")
        process.wait(timeout=60)

    assert process.returncode == 0
