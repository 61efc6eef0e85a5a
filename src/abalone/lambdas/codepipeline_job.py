"""A job of CodePipeline that lasts as long as an execution: it is called again and again until the execution ends."""

from collections.abc import Callable
from typing import Any

from abalone.lambdas.etl_request import EtlRequest, requested_by_pipeline
from abalone.lambdas.runtime import client, get_logger

logger = get_logger(__name__)

_MESSAGE_LENGTH = 2048


def continue_job(job: dict[str, Any], start: Callable[[EtlRequest], str]) -> dict[str, Any]:
    """Start the execution of a job, or look how far it is, and tell CodePipeline.

    The continuation token is the execution's ARN: CodePipeline hands it back with the next call.

    Args:
        job: What the event has as `CodePipeline.job`.
        start: Starts an execution and returns its ARN.

    Returns:
        status, and execution_arn where there is one.
    """
    codepipeline, job_id = client("codepipeline"), job["id"]
    execution = job["data"].get("continuationToken")
    if execution is None:
        try:
            execution = start(requested_by_pipeline(job))
        except Exception as error:
            # Whatever it is: CodePipeline would wait for an answer until the action times out.
            logger.exception("the job has no execution", extra={"fields": {"job_id": job_id}})
            _fail(codepipeline, job_id, str(error) or repr(error))
            return {"status": "failed"}
    # A fault of this is raised: Lambda tries again, while the execution goes on.
    state = client("stepfunctions").describe_execution(executionArn=execution)
    status = state["status"]
    if status == "RUNNING":
        codepipeline.put_job_success_result(jobId=job_id, continuationToken=execution)
    elif status == "SUCCEEDED":
        codepipeline.put_job_success_result(
            jobId=job_id, executionDetails={"summary": "The data are prepared.", "percentComplete": 100}
        )
    else:
        _fail(codepipeline, job_id, f"{execution} {status}: {state.get('error', '')} {state.get('cause', '')}".strip())
    return {"status": status.lower(), "execution_arn": execution}


def _fail(codepipeline: Any, job_id: str, message: str) -> None:
    details = {"type": "JobFailed", "message": message[:_MESSAGE_LENGTH]}
    codepipeline.put_job_failure_result(jobId=job_id, failureDetails=details)
