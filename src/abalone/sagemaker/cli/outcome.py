"""The end of an execution, told to a person and by an exit code."""

from collections.abc import Sequence

import click

from abalone.sagemaker.steps import StepStatus

JOBS = {"Processing", "Training"}


def exit_code(status: str) -> int:
    """Tell the outcome of an execution to a shell.

    Args:
        status: How it ended.

    Returns:
        0 for Succeeded, 1 for anything else.
    """
    return 0 if status == "Succeeded" else 1


def tell_log(step: StepStatus, lines: Sequence[str]) -> None:
    """Print the end of the log of a step that failed.

    Args:
        step: The step.
        lines: Of its log.
    """
    click.secho(f"\nThe end of the log of {step.name}, {step.place}", bold=True)
    for line in lines:
        click.echo(f"  {line}")
    click.echo()


def tell_outcome(name: str, status: str, steps: Sequence[StepStatus], reason: str) -> None:
    """Print the last line: what became of the execution, and why.

    Args:
        name: Of the pipeline.
        status: How the execution ended.
        steps: As they ended.
        reason: Of a failure, for what no step's own reason explains.
    """
    if status == "Succeeded":
        jobs = [step for step in steps if step.kind in JOBS and step.status == "Succeeded"]
        cached = sum(step.cached for step in jobs)
        counted = f"{len(jobs)} job{'' if len(jobs) == 1 else 's'}"
        click.secho(f"{name} succeeded: {counted}, {cached} of them from the cache", fg="green")
    elif status == "Stopped":
        click.secho(f"{name} was stopped", fg="yellow")
    else:
        failed = [f"{step.name}: {step.reason}" for step in steps if step.status == "Failed" and step.reason]
        why = " ".join(("; ".join(failed) or reason or "no reason was given").split())
        click.secho(f"{name} failed: {why}", fg="red")
