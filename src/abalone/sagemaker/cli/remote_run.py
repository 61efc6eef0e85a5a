"""`kedro sagemaker run`: starts an execution on SageMaker and, if wanted, waits for its end."""

import sys
from collections.abc import Mapping
from typing import Any

import click
from botocore.exceptions import ClientError

from abalone.cli import INTERRUPTED
from abalone.sagemaker.aws import client
from abalone.sagemaker.cli.outcome import exit_code, tell_log, tell_outcome
from abalone.sagemaker.cli.progress import StepTable
from abalone.sagemaker.compilation import Compiled
from abalone.sagemaker.remote import account, links, logs
from abalone.sagemaker.remote.watch import Outcome, watch


def store(compiled: Compiled) -> int | None:
    """Store the pipeline in the account as it was compiled.

    Args:
        compiled: The pipeline.

    Returns:
        Its version; None when the service does not tell.
    """
    account.upload(client("s3"), compiled.files)
    return account.upsert(client("sagemaker"), compiled)


def start(compiled: Compiled, parameters: Mapping[str, str]) -> str:
    """Store the pipeline in the account as it was compiled, start it, and say where it is to be seen.

    Args:
        compiled: The pipeline.
        parameters: What this execution is told, by the pipeline parameter that takes it.

    Returns:
        The execution's ARN.
    """
    version = store(compiled)
    sagemaker = client("sagemaker")
    arn = account.start(sagemaker, compiled.pipeline.name, parameters, version)
    click.echo(f"Started {arn}")
    click.echo(f"See {links.execution_link(sagemaker, arn)}")
    return arn


def wait(name: str, definition: Mapping[str, Any], arn: str, *, poll_seconds: float) -> int:
    """Show an execution until it ends; on Ctrl-C, stop it or leave it running, as the user says.

    Args:
        name: Of the pipeline.
        definition: Of the pipeline.
        arn: Of the execution.
        poll_seconds: Between two looks.

    Returns:
        The exit code: 0 only for an execution that succeeded.
    """
    sagemaker = client("sagemaker")
    while True:
        try:
            with StepTable() as table:
                outcome = watch(sagemaker, arn, definition, table.show, poll_seconds=poll_seconds)
        except KeyboardInterrupt:
            if not _is_to_stop():
                click.echo(f"The execution goes on: {arn}")
                return INTERRUPTED
            _stop(sagemaker, arn)
        else:
            _tell(name, outcome)
            return exit_code(outcome.status)


def _is_to_stop() -> bool:
    if not sys.stdin.isatty():
        return False
    question = "Stop the execution, or leave it running?"
    try:
        return str(click.prompt(question, type=click.Choice(["s", "l"]), default="l")) == "s"
    except click.Abort:  # Ctrl-C once more
        return False


def _stop(sagemaker: Any, arn: str) -> None:
    try:
        sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    except ClientError as error:
        # it has ended in the meantime, as the next look will tell
        if error.response["Error"]["Code"] != "ValidationException":
            raise


def _tell(name: str, outcome: Outcome) -> None:
    reader = client("logs")
    for step in outcome.steps:
        if step.status == "Failed" and step.name in outcome.jobs:
            tell_log(step, logs.tail(reader, outcome.jobs[step.name]))
    tell_outcome(name, outcome.status, outcome.steps, outcome.reason)
