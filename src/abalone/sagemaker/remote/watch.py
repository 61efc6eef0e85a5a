"""Follows an execution of a pipeline on SageMaker until it ends."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from abalone.diagnosis import diagnose
from abalone.errors import AbaloneError
from abalone.sagemaker.remote import links
from abalone.sagemaker.steps import StepStatus, pending

logger = logging.getLogger(__name__)

ENDED = {"Succeeded", "Failed", "Stopped"}
FAILED_POLLS = 20
PASSING = {"Throttling", "ThrottlingException", "RequestLimitExceeded", "ServiceUnavailable", "InternalFailure"}


@dataclass(frozen=True)
class Outcome:
    """How an execution ended.

    Attributes:
        status: Succeeded, Failed or Stopped.
        reason: Of a failure, as SageMaker says it.
        steps: All steps of the definition, as they ended.
        jobs: ARN of the job of a step, by the step's name.
    """

    status: str
    reason: str
    steps: Sequence[StepStatus]
    jobs: Mapping[str, str]


def watch(
    sagemaker: Any,
    arn: str,
    definition: Mapping[str, Any],
    show: Callable[[Sequence[StepStatus]], None],
    *,
    poll_seconds: float,
) -> Outcome:
    """Follow an execution until it ends.

    Args:
        sagemaker: A client of SageMaker.
        arn: Of the execution.
        definition: Of its pipeline.
        show: Called with all steps after each look.
        poll_seconds: Between two looks.

    Raises:
        AbaloneError: SageMaker could not be asked any more. The execution goes on.
    """
    failed_polls = 0
    while True:
        try:
            described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
            listed = list(_listed(sagemaker, arn))
        except (ClientError, ConnectionError, HTTPClientError) as error:
            failed_polls += 1
            if failed_polls == 1:
                logger.warning("SageMaker did not answer, asking again: %s", error)
            if failed_polls == FAILED_POLLS or not _may_pass(error):
                raise AbaloneError(f"{diagnose(error)}. The execution goes on: {arn}") from error
        else:
            failed_polls = 0
            status = described["PipelineExecutionStatus"]
            steps = _statuses(definition, listed, ended=status in ENDED)
            show(steps)
            if status in ENDED:
                jobs = {step["StepName"]: job for step in listed if (job := _job(step))}
                return Outcome(status, described.get("FailureReason", ""), steps, jobs)
        time.sleep(poll_seconds)


def _listed(sagemaker: Any, arn: str) -> Iterator[dict[str, Any]]:
    pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(PipelineExecutionArn=arn)
    for page in pages:
        yield from page["PipelineExecutionSteps"]


def _may_pass(error: Exception) -> bool:
    if not isinstance(error, ClientError):
        return True
    answer = error.response
    return (
        answer["Error"]["Code"] in PASSING or answer["ResponseMetadata"]["HTTPStatusCode"] >= 500  # noqa: PLR2004
    )


def _statuses(definition: Mapping[str, Any], listed: Sequence[dict[str, Any]], *, ended: bool) -> list[StepStatus]:
    """The definition's steps in its order: SageMaker lists only those that it has come to, the last one first."""
    known = {step["StepName"]: step for step in listed}
    unknown = "Skipped" if ended else "Pending"
    return [
        _status(step, known[step.name]) if step.name in known else StepStatus(step.name, step.kind, unknown)
        for step in pending(definition)
    ]


def _status(step: StepStatus, listed: Mapping[str, Any]) -> StepStatus:
    job = _job(listed)
    return StepStatus(
        name=step.name,
        kind=step.kind,
        status=listed["StepStatus"],
        cached="CacheHitResult" in listed,
        seconds=_seconds(listed),
        attempts=max(1, listed.get("AttemptCount", 1)),
        reason=_reason(listed),
        place=links.job_link(job) if job else "",
    )


def _seconds(listed: Mapping[str, Any]) -> float | None:
    if "StartTime" not in listed:
        return None
    seconds: float = (listed.get("EndTime", datetime.now(UTC)) - listed["StartTime"]).total_seconds()
    return max(0.0, seconds)


def _reason(listed: Mapping[str, Any]) -> str:
    if reason := listed.get("FailureReason"):
        return str(reason)
    metadata = listed.get("Metadata", {})
    if outcome := metadata.get("Condition", {}).get("Outcome"):
        return "passed" if outcome == "True" else "not passed"
    return str(metadata.get("Fail", {}).get("ErrorMessage", ""))


def _job(listed: Mapping[str, Any]) -> str | None:
    metadata = listed.get("Metadata", {})
    arns = (metadata.get(kind, {}).get("Arn") for kind in ("ProcessingJob", "TrainingJob"))
    return next((arn for arn in arns if arn), None)
