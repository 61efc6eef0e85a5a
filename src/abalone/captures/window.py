"""The stretch of time that is looked at."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_HOUR = timedelta(hours=1)
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def is_believable(moment: datetime) -> bool:
    """Tell whether the service can have been asked then: a year 1 or 9999 is a fault, which no window could hold."""
    return _FIRST <= moment < _LAST


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
        return hour is None or self.begin is None or hour >= self.begin - _HOUR

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


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
