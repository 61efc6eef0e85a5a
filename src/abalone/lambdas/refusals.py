"""Why a retraining that is asked for is not started now."""

import math
import re
from datetime import timedelta
from typing import Any

from abalone.lambdas.claims import Claim, Kept
from abalone.lambdas.errors import SettingError
from abalone.lambdas.runtime import client, setting

MONITORING = ("drift", "performance")
"""The reasons that monitoring gives, day after day: they are heard when anything has landed since the last start."""

NEW_DATA = "new-data"
"""The reason that is heard when enough has landed since the last start."""

_UNDER_WAY = ("InProgress", "Stopping")
_ABANDONED = timedelta(minutes=5)
"""A claim without a start that is older was left by a function that ended in between."""


def refusal(claim: Claim, last: Kept | None) -> dict[str, Any] | None:
    """Return the answer to a claim that has to wait; None if it may start.

    Args:
        claim: The claim.
        last: The one before it; None if there was never one.

    Raises:
        SettingError: The cool-down, or the share of new data, is no number.
    """
    return _by_execution() or (_by_start(claim, last) or _by_size(claim, last) if last else None)


def _by_execution() -> dict[str, Any] | None:
    latest = client("codepipeline").list_pipeline_executions(pipelineName=setting("ABALONE_PIPELINE"))
    for summary in latest["pipelineExecutionSummaries"]:
        if summary["status"] in _UNDER_WAY:
            return {"status": "already-running", "pipeline_execution_id": summary["pipelineExecutionId"]}
    return None


def _by_start(claim: Claim, last: Kept) -> dict[str, Any] | None:
    if last.claim.execution_id:
        until = last.claim.at + timedelta(hours=_parameter("cool-down-hours", "a number of hours"))
        return {"status": "cooling-down", "until": until.isoformat()} if claim.at < until else None
    return {"status": "already-running"} if claim.at < last.claim.at + _ABANDONED else None


def _by_size(claim: Claim, last: Kept) -> dict[str, Any] | None:
    """Refuse to train on no other data, or on hardly more, than the last start that is known to have been one."""
    before = last.claim.landing_bytes
    if not last.claim.execution_id or before is None:
        return None
    if claim.reason in MONITORING and claim.landing_bytes == before:
        return {"status": "nothing-new", "landing_bytes": before}
    if claim.reason != NEW_DATA:
        return None
    needed = math.ceil(before * (1 + _parameter("new-data-share", "a share, such as 0.1")))
    if claim.landing_bytes is not None and claim.landing_bytes > needed:
        return None
    return {"status": "too-little-new-data", "landing_bytes": claim.landing_bytes, "needed_bytes": needed}


def _parameter(name: str, what: str) -> float:
    path = f"{setting('ABALONE_PARAMETER_PREFIX')}/retraining/{name}"
    text = client("ssm").get_parameter(Name=path)["Parameter"]["Value"]
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", text):
        raise SettingError(f"The parameter {path} is {text!r}: set it to {what}.")
    return float(text)
