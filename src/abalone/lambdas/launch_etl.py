"""Starts the ETL state machine: for a batch that landed, for a CodePipeline job, or for a person."""

from typing import Any

from abalone.lambdas.codepipeline_job import continue_job
from abalone.lambdas.etl_request import EtlRequest, requested_by_hand, requested_by_landing
from abalone.lambdas.runtime import Context, client, get_logger, setting

logger = get_logger(__name__)


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Start one execution for one event, however often the event comes.

    Args:
        event: EventBridge's of an object in the landing zone, CodePipeline's of a job, or {"source": "manual"}.
        context: Lambda's.

    Returns:
        status, and execution_arn where there is one. The status is started or ignored; for a job it is that of the
        execution, or failed if there is none.

    Raises:
        EventError: The event is none of the three.
    """
    result = _answer(event, context)
    logger.info("answered", extra={"fields": {"request_id": context.aws_request_id, **result}})
    return result


def _answer(event: dict[str, Any], context: Context) -> dict[str, Any]:
    if "CodePipeline.job" in event:
        return continue_job(event["CodePipeline.job"], start_execution)
    if event.get("detail-type") != "Object Created":
        return _started(requested_by_hand(event, context.aws_request_id))
    request = requested_by_landing(event, setting("ABALONE_BUCKET"))
    return _started(request) if request else {"status": "ignored"}


def _started(request: EtlRequest) -> dict[str, Any]:
    return {"status": "started", "execution_arn": start_execution(request)}


def start_execution(request: EtlRequest) -> str:
    """Start the execution of a request, unless it was started before.

    Args:
        request: What is asked for.

    Returns:
        The execution's ARN.
    """
    machine, stepfunctions = setting("ABALONE_ETL_STATE_MACHINE"), client("stepfunctions")
    try:
        started: dict[str, Any] = stepfunctions.start_execution(
            stateMachineArn=machine, name=request.name, input=request.execution_input(setting("ABALONE_BUCKET"))
        )
    except stepfunctions.exceptions.ExecutionAlreadyExists:
        return f"{machine.replace(':stateMachine:', ':execution:')}:{request.name}"
    return str(started["executionArn"])
