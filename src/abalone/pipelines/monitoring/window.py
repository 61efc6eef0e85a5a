"""The stretch of time that is looked at."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from abalone.errors import AbaloneError

HOUR = timedelta(hours=1)


class Window(NamedTuple):
    """A stretch of time in UTC, its end not included.

    Attributes:
        begin: None: from the very first.
        end: None: to the very last.
    """

    begin: datetime | None = None
    end: datetime | None = None

    def may_hold(self, hour: datetime | None) -> bool:
        """Tell whether a file may hold what happened in the window.

        Args:
            hour: Of the file's folder, no earlier than the hour before its last line; None where it has none.
        """
        return self.may_be_about(hour) and (hour is None or self.end is None or hour < self.end)

    def may_be_about(self, hour: datetime | None) -> bool:
        """Tell whether a file may be about what happened in the window: then, or any time later.

        Args:
            hour: As for `may_hold`.
        """
        return hour is None or self.begin is None or hour >= self.begin - HOUR

    def holds(self, moment: datetime) -> bool:
        """Tell whether something happened in the window.

        Args:
            moment: When it happened, with its time zone.
        """
        return (self.begin is None or self.begin <= moment) and (self.end is None or moment < self.end)

    def reaching_back(self, hours: float | None) -> "Window":
        """Return the window with the same end.

        Args:
            hours: Its length; None: from the very first.
        """
        begin = None if hours is None or self.end is None else self.end - timedelta(hours=hours)
        return self._replace(begin=begin)

    def to_json(self) -> dict[str, str | None]:
        """Return `from` and `to` as ISO 8601 in UTC, or None."""
        return {"from": _iso(self.begin), "to": _iso(self.end)}


def window_of(parameters: Mapping[str, Any], hours: Iterable[datetime]) -> Window:
    """Find the window that the parameters mean.

    Args:
        parameters: `hours`, its length, or None; `until`, its end in ISO 8601, or None for that of the newest hour.
        hours: Of the folders that hold captures.

    Raises:
        AbaloneError: `until` is not a time.
    """
    if parameters["until"] is not None:
        end: datetime | None = _parsed(str(parameters["until"]))
    else:
        newest = max(hours, default=None)
        # Whole hours, so that what comes late in an hour belongs to the same window.
        end = None if newest is None else newest + HOUR
    return Window(end=end).reaching_back(parameters["hours"])


def _parsed(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise AbaloneError(f"monitoring.window.until = {text!r} is no time: write it as 2026-10-01T00:00:00Z") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
