"""The end of a job's log, from CloudWatch."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from abalone.sagemaker.steps import LOG_LINES

GROUPS = {"processing-job": "/aws/sagemaker/ProcessingJobs", "training-job": "/aws/sagemaker/TrainingJobs"}


def tail(logs: Any, job_arn: str, lines: int = LOG_LINES) -> list[str]:
    """Read the last lines that a job has logged.

    Args:
        logs: A client of CloudWatch Logs.
        job_arn: Of a processing or training job.
        lines: How many.

    Returns:
        The lines; one that says why there are none, since a job can fail before it logs.
    """
    kind, job = job_arn.split(":", 5)[-1].split("/", 1)
    group = GROUPS[kind]
    try:
        streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{job}/")["logStreams"]
        told = [line for stream in streams for line in _read(logs, group, stream["logStreamName"], lines)]
    except (BotoCoreError, ClientError) as error:
        return [f"(the log in {group} could not be read: {error})"]
    return told[-lines:] or [f"({group} holds no log of {job})"]


def _read(logs: Any, group: str, stream: str, lines: int) -> list[str]:
    events = logs.get_log_events(logGroupName=group, logStreamName=stream, limit=lines, startFromHead=False)["events"]
    return [event["message"].rstrip() for event in events]
