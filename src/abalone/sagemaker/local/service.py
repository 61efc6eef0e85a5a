"""What stands for the service on this machine."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError

from abalone.errors import AbaloneError
from abalone.sagemaker.aws import client

ACCOUNT = "000000000000"
"""Account in the ARNs of what exists on this machine only, so that nobody takes them for real ones."""


@dataclass(frozen=True)
class Service:
    """One execution, and what it uses.

    Attributes:
        s3: Client of S3.
        sagemaker: Client of the SageMaker API.
        scratch: Folder for this execution.
        project: Folder that the jobs are started in.
        bucket: Bucket of the cache.
        pipeline: Name of the pipeline.
        execution_id: Name of the execution.
        started: When it started.
        stop: Set when the execution is to end early.
    """

    s3: Any
    sagemaker: Any
    scratch: Path
    project: Path
    bucket: str
    pipeline: str
    execution_id: str
    started: datetime
    stop: threading.Event = field(default_factory=threading.Event)

    def arn(self, resource: str) -> str:
        """Name a resource as the service would."""
        return f"arn:aws:sagemaker:{self.sagemaker.meta.region_name}:{ACCOUNT}:{resource}"

    @property
    def variables(self) -> dict[str, str]:
        """Variables of the execution that a definition can refer to."""
        return {
            "PipelineName": self.pipeline,
            "PipelineArn": self.arn(f"pipeline/{self.pipeline}"),
            "PipelineExecutionId": self.execution_id,
            "PipelineExecutionArn": self.arn(f"pipeline/{self.pipeline}/execution/{self.execution_id}"),
            "StartDateTime": self.started.isoformat(),
        }


def open_service(scratch: Path, project: Path, bucket: str, pipeline: str) -> Service:
    """Prepare an execution; AWS's own variables and files say how S3 and the SageMaker API are reached.

    Args:
        scratch: Folder of all executions.
        project: Folder that the jobs are started in.
        bucket: Bucket of the cache.
        pipeline: Name of the pipeline.

    Raises:
        AbaloneError: No region is set, or AWS's configuration cannot be read.
    """
    execution_id = secrets.token_hex(6)
    try:
        s3, sagemaker = client("s3"), client("sagemaker")
    except (BotoCoreError, ValueError) as error:
        raise AbaloneError(
            f"AWS cannot be reached: {error}. Set AWS_DEFAULT_REGION and AWS_ENDPOINT_URL or a profile"
        ) from None
    folder = scratch.resolve() / execution_id
    return Service(s3, sagemaker, folder, project.resolve(), bucket, pipeline, execution_id, datetime.now(UTC))
