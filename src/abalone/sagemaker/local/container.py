"""A job's container: one process, with all that it starts.

A process that a signal kills stands for the loss of the job's host, so that a rehearsal can show what is tried again
then. The service itself reports a container that ends by itself, killed or not, as an AlgorithmError.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from abalone.sagemaker.local.environment import job_environment
from abalone.sagemaker.local.faults import INTERNAL_ERROR, StepError, StoppedError
from abalone.sagemaker.local.jobs import Job
from abalone.sagemaker.local.service import Service

_DEFAULT_SECONDS = 24 * 3600
"""What the service allows when a request does not say how long its job may run."""

_GRACE_SECONDS = 5
"""Between asking a process to end and ending it."""

_POLL_SECONDS = 0.1
_LONGEST_REASON = 1024


def run_container(
    job: Job, specification: Mapping[str, Sequence[str]], own: Mapping[str, str], service: Service
) -> None:
    """Run a job's entry point to its end; nothing that it started stays behind.

    Args:
        job: The job.
        specification: Its AppSpecification or AlgorithmSpecification.
        own: Variables that the service adds to jobs of its kind.
        service: What stands for the service.

    Raises:
        StepError: It could not be started, failed, was killed, or ran for too long.
        StoppedError: The execution is to end.
    """
    command = [*specification["ContainerEntrypoint"], *specification.get("ContainerArguments", [])]
    process = _start(command, job, own, service)
    try:
        code = _wait(process, job, service)
    finally:
        _end(process)
    if code < 0:  # as if the host was lost
        raise StepError(f"InternalServerError: the process was killed by signal {-code}", INTERNAL_ERROR)
    if code > 0:
        raise StepError(f"AlgorithmError: {_message(job) or f'exit code {code}'}")


def _start(command: Sequence[str], job: Job, own: Mapping[str, str], service: Service) -> subprocess.Popen[bytes]:
    with job.log.open("wb") as log:
        try:
            return subprocess.Popen(  # noqa: S603 - the definition says what runs, as it does in the service
                command,
                cwd=service.project,
                env=job_environment(job, own, service),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise StepError(
                f"InternalServerError: {command[0]} could not be started: {error}", INTERNAL_ERROR
            ) from error


def _wait(process: subprocess.Popen[bytes], job: Job, service: Service) -> int:
    seconds = job.request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", _DEFAULT_SECONDS)
    deadline = time.monotonic() + seconds
    while True:
        try:
            return process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if service.stop.is_set():
                raise StoppedError from None
            if time.monotonic() >= deadline:
                raise StepError(f"MaxRuntimeExceeded: the job ran for more than {seconds} seconds") from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, kindly if it still runs, and then whatever it left behind."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
    with suppress(ProcessLookupError):  # nothing is left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _message(job: Job) -> str:
    """Read why a job failed from where the service looks for it."""
    for name in ("failure", "message"):
        path = job.root / "output" / name
        if path.is_file():
            return path.read_text(encoding="utf-8", errors="replace").strip()[:_LONGEST_REASON]
    return ""
