"""Trying a step again, as its retry policies say."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from abalone.sagemaker.local.faults import StepError

WAIT_FACTOR = 1 / 60
"""Waiting times are shortened by this, as on one machine no capacity has to come back."""

_DEFAULT_ATTEMPTS = 5
_DEFAULT_INTERVAL_SECONDS = 1
_DEFAULT_BACKOFF_RATE = 2.0

T = TypeVar("T")


def retry(
    attempt: Callable[[int], T],
    policies: Sequence[Mapping[str, Any]],
    wait: Callable[[StepError, float], None],
) -> T:
    """Try until it succeeds, or fails in a way that no policy covers, or a policy's attempts are used up.

    Args:
        attempt: Does the work; it is given the number of the attempt, from 1.
        policies: RetryPolicies of a step. As in the service, MaxAttempts counts the attempts after the first one.
        wait: Called before another attempt with the fault and the seconds to wait, which it may cut short.

    Returns:
        What the first successful attempt returned.

    Raises:
        StepError: Of the last attempt.
    """
    retries: Counter[int] = Counter()
    while True:
        try:
            return attempt(1 + retries.total())
        except StepError as fault:
            covering = [index for index, policy in enumerate(policies) if fault.kind in policy["ExceptionType"]]
            if not covering or retries[covering[0]] >= policies[covering[0]].get("MaxAttempts", _DEFAULT_ATTEMPTS):
                raise
            policy = policies[covering[0]]
            backoff = policy.get("BackoffRate", _DEFAULT_BACKOFF_RATE) ** retries[covering[0]]
            retries[covering[0]] += 1
            wait(fault, policy.get("IntervalSeconds", _DEFAULT_INTERVAL_SECONDS) * backoff)
