"""The window that the parameters mean."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from abalone.captures import Window
from abalone.captures.window import is_believable
from abalone.errors import AbaloneError


def window_of(parameters: Mapping[str, Any], captured: Window) -> Window:
    """Find the window that the parameters mean.

    Args:
        parameters: `hours`, its length, or None; `until`, its end in ISO 8601, or None for that of the captures.
        captured: The time of which there are captures.

    Raises:
        AbaloneError: `until` is not a time, or one that is still to come.
    """
    until = parameters["until"]
    if until is None:
        return captured.reaching_back(parameters["hours"])
    # The latest window ends with its hour, which may not be over.
    end, latest = _parsed(str(until)), datetime.now(UTC) + timedelta(hours=1)
    if end > max(latest, captured.end or latest):
        raise AbaloneError(
            f"monitoring.window.until = {until!r} is in the future, where nothing has been captured: "
            "leave it out to look at the latest window"
        )
    return Window(end=end).reaching_back(parameters["hours"])


def _parsed(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        moment = datetime.min.replace(tzinfo=UTC)
    if not is_believable(moment):
        raise AbaloneError(f"monitoring.window.until = {text!r} is no time: write it as 2026-10-01T00:00:00Z")
    return moment
