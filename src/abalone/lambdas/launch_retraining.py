"""Starts the delivery pipeline to train anew: once, however many ask, and not again before the cool-down is over."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from abalone.lambdas.claims import Claim, ClaimStore, Kept
from abalone.lambdas.errors import EventError, SettingError
from abalone.lambdas.runtime import Context, client, get_logger, required, setting

logger = get_logger(__name__)

REASONS = ("drift", "new-data", "schedule", "manual")
_UNDER_WAY = ("InProgress", "Stopping")
_ABANDONED = timedelta(minutes=5)
"""A claim without a start that is older was left by a function that ended in between."""


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Start one execution of the pipeline, unless one runs or has been started lately.

    Args:
        event: reason (drift, new-data, schedule or manual), detail, and execution: who asks. The same asking again
            gets the same answer.
        context: Lambda's.

    Returns:
        status (started, already-running or cooling-down), and where there is one pipeline_execution_id, or until when
        it cools down.

    Raises:
        EventError: The reason is unknown.
        SettingError: The cool-down is no number.
    """
    reason = required(event, "reason")
    if reason not in REASONS:
        raise EventError(f"The reason {reason!r} is unknown: retraining is for {', '.join(REASONS)}.")
    claim = Claim(event.get("execution") or context.aws_request_id, reason, datetime.now(UTC))
    result = _launch(claim)
    fields = {"request_id": context.aws_request_id, "reason": reason, "detail": event.get("detail"), **result}
    logger.info("answered", extra={"fields": fields})
    return result


def _launch(claim: Claim) -> dict[str, Any]:
    codepipeline, pipeline = client("codepipeline"), setting("ABALONE_PIPELINE")
    store = ClaimStore(client("s3"), setting("ABALONE_BUCKET"))
    last = store.last()
    if last and last.claim.by == claim.by:
        if last.claim.execution_id:
            return _started(last.claim.execution_id)
        # An attempt of the same asking ended before its answer. What it may have started, its token starts only once.
    elif refusal := _refused_by_execution(codepipeline, pipeline) or _refused_by_claim(claim, last):
        return refusal
    kept = store.replace(last, claim)
    if kept is None:
        return {"status": "already-running"}
    try:
        started = codepipeline.start_pipeline_execution(
            name=pipeline, clientRequestToken=hashlib.sha256(claim.by.encode()).hexdigest()
        )
    except ClientError:
        # AWS refused it. Without an answer it may have started, and the claim stays.
        store.release(kept, last)
        raise
    execution_id = str(started["pipelineExecutionId"])
    store.replace(kept, claim._replace(execution_id=execution_id))
    return _started(execution_id)


def _refused_by_execution(codepipeline: Any, pipeline: str) -> dict[str, Any] | None:
    latest = codepipeline.list_pipeline_executions(pipelineName=pipeline)["pipelineExecutionSummaries"]
    for summary in latest:
        if summary["status"] in _UNDER_WAY:
            return {"status": "already-running", "pipeline_execution_id": summary["pipelineExecutionId"]}
    return None


def _refused_by_claim(claim: Claim, last: Kept | None) -> dict[str, Any] | None:
    if last is None:
        return None
    if last.claim.execution_id:
        until = last.claim.at + _cool_down()
        return {"status": "cooling-down", "until": until.isoformat()} if claim.at < until else None
    return {"status": "already-running"} if claim.at < last.claim.at + _ABANDONED else None


def _cool_down() -> timedelta:
    name = f"{setting('ABALONE_PARAMETER_PREFIX')}/retraining/cool-down-hours"
    value = client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    try:
        return timedelta(hours=float(value))
    except (ValueError, OverflowError) as error:
        raise SettingError(f"The parameter {name} is {value!r}: set it to a number of hours.") from error


def _started(execution_id: str) -> dict[str, Any]:
    return {"status": "started", "pipeline_execution_id": execution_id}
