"""`kedro sagemaker run --local`: the compiled definition, executed on this machine."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from abalone.cli import INTERRUPTED
from abalone.errors import AbaloneError
from abalone.sagemaker import local
from abalone.sagemaker.aws import client
from abalone.sagemaker.cli.outcome import exit_code, tell_log, tell_outcome
from abalone.sagemaker.cli.progress import StepTable
from abalone.sagemaker.compilation import Compiled
from abalone.sagemaker.exports import EVALUATION_FOLDER, REPORT
from abalone.sagemaker.remote import account
from abalone.sagemaker.steps import LOG_LINES, StepStatus

ENDPOINT = "AWS_ENDPOINT_URL"
SERVICES = ("S3", "SAGEMAKER")


def require_local_aws() -> None:
    """Make sure that a rehearsal does not write the account's own bucket, nor register there what is not committed.

    Raises:
        AbaloneError: No endpoint is set, so that AWS itself would be used.
    """
    own = [f"{ENDPOINT}_{service}" for service in SERVICES]
    if os.environ.get(ENDPOINT) or all(os.environ.get(name) for name in own):
        return
    raise AbaloneError(
        f"--local would write into the AWS account itself: set {ENDPOINT} (or {' and '.join(own)}) to an AWS that is"
        " for trying out; `make rehearsal` starts one"
    )


def run_here(
    compiled: Compiled, parameters: Mapping[str, str], *, scratch: Path, project: Path, cache: bool = True
) -> int:
    """Execute a pipeline on this machine and show its steps.

    Args:
        compiled: The pipeline.
        parameters: What this execution is told, by the pipeline parameter that takes it.
        scratch: Folder for what the jobs write on disk.
        project: Folder of the project.
        cache: Whether a job may be answered from the cache.

    Returns:
        The exit code: 0 only for an execution that succeeded.
    """
    name = compiled.pipeline.name
    if compiled.files:
        account.upload(client("s3"), compiled.files)
    try:
        with StepTable() as table:
            execution = local.execute(
                compiled.definition,
                parameters,
                bucket=compiled.configuration.aws.bucket,
                pipeline_name=name,
                scratch=scratch,
                project=project,
                show=table.show,
                cache=cache,
            )
    except KeyboardInterrupt:
        click.echo(f"Interrupted: the jobs were ended; what they logged is in {scratch}")
        return INTERRUPTED
    for step in execution.steps:
        if step.status == "Failed" and step.place:
            tell_log(step, _tail(step))
    if execution.model_package_arn:
        click.echo(f"Registered {execution.model_package_arn}")
    for report in sorted((scratch / execution.id).glob(f"*/attempt-*/opt/ml/{EVALUATION_FOLDER}/{REPORT}")):
        click.echo(f"Model card {report}")
    tell_outcome(name, execution.status, execution.steps, execution.reason)
    return exit_code(execution.status)


def _tail(step: StepStatus) -> list[str]:
    log = Path(step.place)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    return lines[-LOG_LINES:] or ["(it has logged nothing)"]
