"""What is known of the steps of an execution, wherever it runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LOG_LINES = 30
"""How many of the last lines of a failed step's log are shown."""


@dataclass(frozen=True)
class StepStatus:
    """One step of an execution, as the table shows it.

    Attributes:
        name: The step's name in the definition.
        kind: Its type there: Processing, Training, Condition, RegisterModel or Fail.
        status: Pending; then as ListPipelineExecutionSteps says: Starting, Executing, Stopping, Stopped, Failed,
            Succeeded; or Skipped for a branch that was not taken and for what stands behind a failure.
        cached: Whether an earlier execution had done the work.
        seconds: How long it has run so far, or ran; None before it starts.
        attempts: How often it was started.
        reason: Why it failed, or the outcome of a condition.
        place: The job's log file, or a link to the job in the console.
    """

    name: str
    kind: str
    status: str = "Pending"
    cached: bool = False
    seconds: float | None = None
    attempts: int = 1
    reason: str = ""
    place: str = ""


def all_steps(definition: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Go through the steps of a definition, each condition followed by the steps of its branches.

    Args:
        definition: A compiled pipeline, or the steps under one condition.

    Yields:
        The steps as the definition has them.
    """
    for step in definition["Steps"]:
        yield step
        if step["Type"] == "Condition":
            for branch in ("IfSteps", "ElseSteps"):
                yield from all_steps({"Steps": step["Arguments"].get(branch, [])})


def pending(definition: Mapping[str, Any]) -> list[StepStatus]:
    """List the steps of an execution that has not begun.

    Args:
        definition: A compiled pipeline.

    Returns:
        A status a step, in the definition's order.
    """
    return [StepStatus(step["Name"], step["Type"]) for step in all_steps(definition)]
