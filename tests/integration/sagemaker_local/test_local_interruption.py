"""An execution that is interrupted leaves no process behind."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from support.executable_definitions import JOB_KILLED, definition, processing

EXECUTOR = """
import json, pathlib, sys
from abalone.sagemaker.local import execute
folder = pathlib.Path(sys.argv[1])
try:
    execute(
        json.loads((folder / "definition.json").read_text()), {}, bucket="abalone-test", pipeline_name="p",
        scratch=folder / "scratch", project=folder, show=lambda steps: print([s.status for s in steps], flush=True),
        wait_factor=1, parallel=2,
    )
except KeyboardInterrupt:
    sys.exit(130)
"""

# a job that has a child, as joblib's have, and neither wants to end
STUBBORN = """
import subprocess
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path("pids.part").write_text(f"{os.getpid()} {child.pid}")
pathlib.Path("pids.part").rename("pids")
time.sleep(600)
"""
KIND = STUBBORN.replace("signal.SIG_IGN", "signal.SIG_DFL")


def start(machine: Any, steps: list[dict[str, Any]]) -> subprocess.Popen[str]:
    (machine.folder / "definition.json").write_text(json.dumps(definition(*steps)))
    return subprocess.Popen(
        [sys.executable, "-c", EXECUTOR, str(machine.folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(path: Path, executor: subprocess.Popen[str]) -> None:
    while not path.exists():
        assert executor.poll() is None, executor.communicate()
        time.sleep(0.05)


def assert_gone(*pids: int) -> None:
    """A process that was killed is gone soon, once the system has got round to it."""
    deadline = time.monotonic() + 30
    while alive := [pid for pid in pids if is_alive(pid)]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_execution_ends_its_jobs_and_what_they_started(stop: signal.Signals, machine: Any) -> None:
    executor = start(machine, [processing("work", KIND), processing("behind", DependsOn=["work"])])
    wait_for(machine.folder / "pids", executor)
    pids = [int(pid) for pid in (machine.folder / "pids").read_text().split()]

    executor.send_signal(stop)
    stdout, stderr = executor.communicate(timeout=60)

    assert executor.returncode == 130, stderr
    assert stdout.splitlines()[-1] == "['Stopped', 'Pending']"
    assert_gone(*pids)
    assert "Traceback" not in stderr


def test_job_that_ignores_the_request_to_end_is_killed(machine: Any) -> None:
    executor = start(machine, [processing("work", STUBBORN)])
    wait_for(machine.folder / "pids", executor)
    pids = [int(pid) for pid in (machine.folder / "pids").read_text().split()]

    executor.send_signal(signal.SIGINT)
    executor.communicate(timeout=60)

    assert_gone(*pids)


def test_execution_that_waits_to_try_again_can_be_interrupted(machine: Any) -> None:
    policy = {**JOB_KILLED, "IntervalSeconds": 3600}
    die = "os.kill(os.getpid(), signal.SIGKILL)"
    executor = start(machine, [processing("work", die, RetryPolicies=[policy])])
    assert executor.stdout is not None
    shown = [executor.stdout.readline().strip() for _ in range(3)]
    while shown[-2:] != ["['Executing']", "['Starting']"]:
        shown.append(executor.stdout.readline().strip())

    executor.send_signal(signal.SIGINT)
    stdout, _ = executor.communicate(timeout=60)

    assert executor.returncode == 130
    assert stdout.splitlines()[-1] == "['Stopped']"


def test_job_that_ends_takes_what_it_started_with_it(machine: Any) -> None:
    code = """
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path("pid").write_text(str(child.pid))
"""
    execution = machine.execute(definition(processing("work", code)))

    assert execution.status == "Succeeded"
    assert_gone(int((machine.folder / "pid").read_text()))
