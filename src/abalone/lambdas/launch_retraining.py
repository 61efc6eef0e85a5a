"""Starts the delivery pipeline to train anew: once, however many ask, and not again before the cool-down is over.

Whoever says that there is new data is heard when the landing zone has grown enough since the last start. So batches
that come of what the service itself has predicted, once their labels are known, cannot keep it training. Nor can
monitoring: what it has decided is heard once anything has landed, as the same data make the same model.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from abalone.lambdas.claims import Claim, ClaimStore
from abalone.lambdas.errors import EventError
from abalone.lambdas.landing import landing_bytes
from abalone.lambdas.refusals import MONITORING, NEW_DATA, refusal
from abalone.lambdas.runtime import Context, client, get_logger, required, setting

logger = get_logger(__name__)

REASONS = (*MONITORING, NEW_DATA, "schedule", "manual")


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Start one execution of the pipeline, unless one runs or has been started lately.

    Args:
        event: reason (one of `REASONS`), detail, and execution: who asks. The same asking again gets the same answer.
        context: Lambda's.

    Returns:
        status (started, already-running, cooling-down, nothing-new or too-little-new-data), and where there is one
        pipeline_execution_id, until when it cools down, or how many bytes have landed and how many are needed.

    Raises:
        EventError: The reason is unknown.
        SettingError: The cool-down, or the share of new data, is no number.
    """
    reason = required(event, "reason")
    if reason not in REASONS:
        raise EventError(f"The reason {reason!r} is unknown: retraining is for {', '.join(REASONS)}.")
    by = event.get("execution") or context.aws_request_id
    landed = landing_bytes(client("s3"), setting("ABALONE_BUCKET"))
    result = _launch(Claim(by, reason, datetime.now(UTC), landing_bytes=landed))
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
    elif refused := refusal(claim, last):
        return refused
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


def _started(execution_id: str) -> dict[str, Any]:
    return {"status": "started", "pipeline_execution_id": execution_id}
