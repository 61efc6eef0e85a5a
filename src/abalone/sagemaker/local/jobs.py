"""One attempt at a job: its name, its request, and the folder that stands for its container's /opt/ml."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from botocore.validate import ParamValidator

from abalone.sagemaker.local.faults import StepError, one_line
from abalone.sagemaker.local.service import Service

ROOT = PurePosixPath("/opt/ml")
HOST = "algo-1"
"""Name of the first, and here the only, container of a job."""

_LONGEST_NAME = 63


@dataclass(frozen=True)
class Job:
    """One attempt at a job.

    Attributes:
        name: Name of the job; each attempt has its own.
        arn: Its ARN.
        request: The request that would create it, resolved.
        folder: Scratch folder of the attempt.
    """

    name: str
    arn: str
    request: Mapping[str, Any]
    folder: Path

    @property
    def root(self) -> Path:
        """What stands for /opt/ml."""
        return self.folder / "opt" / "ml"

    @property
    def log(self) -> Path:
        """What its process prints."""
        return self.folder / "log.txt"

    def path(self, local_path: str) -> Path:
        """Find a path of the container on this machine.

        Args:
            local_path: Path below /opt/ml.

        Raises:
            StepError: The path lies elsewhere.
        """
        path = PurePosixPath(local_path)
        if ROOT not in path.parents or ".." in path.parts:
            raise StepError(f"ClientError: LocalPath {local_path} does not lie below {ROOT}")
        return self.root / path.relative_to(ROOT)

    def write_config(self, name: str, content: Any) -> None:
        """Write a file that the service puts into the container before it starts.

        Args:
            name: Path below /opt/ml.
            content: What is written as JSON.
        """
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2, default=str), encoding="utf-8")


def required(request: Mapping[str, Any], *names: str) -> Any:
    """Read a part of a request that the service can do without and this machine cannot.

    Args:
        request: The request, or a part of it.
        names: Path of what is read.

    Raises:
        StepError: It is not there.
    """
    value: Any = request
    for name in names:
        if name not in value:
            raise StepError(f"ClientError: {json.dumps(request)} has no {'.'.join(names)}, which is needed here")
        value = value[name]
    return value


def new_job(step: str, kind: str, request: Mapping[str, Any], attempt: int, service: Service) -> Job:
    """Create a job, as the service does when it takes the request.

    Args:
        step: Name of the step.
        kind: Processing or Training.
        request: The step's resolved arguments.
        attempt: Number of the attempt, from 1.
        service: What stands for the service.

    Raises:
        StepError: The request is not one that the service takes.
    """
    unique = f"-{secrets.token_hex(5)}"
    name = f"pipelines-{service.execution_id}-{step}"[: _LONGEST_NAME - len(unique)].rstrip("-") + unique
    named = {f"{kind}JobName": name, **request}
    shape = service.sagemaker.meta.service_model.operation_model(f"Create{kind}Job").input_shape
    report = ParamValidator().validate(named, shape)
    if report.has_errors():
        raise StepError(f"ValidationException: {one_line(report.generate_report())}")
    folder = service.scratch / step / f"attempt-{attempt}"
    job = Job(name, service.arn(f"{kind.lower()}-job/{name}"), named, folder)
    (job.root / "output").mkdir(parents=True)
    return job
