"""Which faults are tried again, how often and after how long."""

from typing import Any

import pytest

from abalone.sagemaker.local.faults import INTERNAL_ERROR, SERVICE_FAULT, THROTTLING, StepError
from abalone.sagemaker.local.retries import retry

POLICIES: list[dict[str, Any]] = [
    {"ExceptionType": [SERVICE_FAULT, THROTTLING], "MaxAttempts": 2, "IntervalSeconds": 60, "BackoffRate": 3.0},
    {"ExceptionType": [INTERNAL_ERROR], "MaxAttempts": 1, "IntervalSeconds": 10},
]


class Work:
    """Fails as it is told, and then succeeds."""

    def __init__(self, *faults: str | None) -> None:
        self.faults = list(faults)
        self.attempts: list[int] = []
        self.waits: list[float] = []

    def attempt(self, number: int) -> str:
        self.attempts.append(number)
        if self.faults:
            raise StepError(f"fault {number}", self.faults.pop(0))
        return "done"

    def wait(self, _: StepError, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.mark.parametrize(
    ("faults", "waits"),
    [
        ([], []),
        ([SERVICE_FAULT], [60]),
        ([SERVICE_FAULT, THROTTLING], [60, 180]),
        ([THROTTLING, INTERNAL_ERROR, THROTTLING], [60, 10, 180]),
    ],
)
def test_fault_is_tried_again_after_the_time_of_its_policy(faults: list[str], waits: list[float]) -> None:
    work = Work(*faults)

    assert retry(work.attempt, POLICIES, work.wait) == "done"
    assert work.waits == waits
    assert work.attempts == list(range(1, len(faults) + 2))


@pytest.mark.parametrize(
    ("faults", "attempts"),
    [
        ([None], 1),
        (["SageMaker.CAPACITY_ERROR"], 1),
        ([INTERNAL_ERROR, INTERNAL_ERROR], 2),
        ([SERVICE_FAULT, INTERNAL_ERROR, THROTTLING, SERVICE_FAULT], 4),
    ],
)
def test_fault_without_a_policy_or_with_its_attempts_used_up_ends_the_step(
    faults: list[str | None], attempts: int
) -> None:
    work = Work(*faults)

    with pytest.raises(StepError, match=f"fault {attempts}"):
        retry(work.attempt, POLICIES, work.wait)


def test_policy_without_figures_has_those_of_the_service() -> None:
    work = Work(*[SERVICE_FAULT] * 5)

    retry(work.attempt, [{"ExceptionType": [SERVICE_FAULT]}], work.wait)

    assert work.waits == [1, 2, 4, 8, 16]
