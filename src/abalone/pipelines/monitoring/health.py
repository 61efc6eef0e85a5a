"""Whether the service does its work: warnings, refusals, damaged files, silence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd


def examine_health(
    rows: pd.DataFrame, counts: Mapping[str, int], end: datetime | None, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Examine how the service fares.

    Args:
        rows: Of the window, as in `served_rows.COLUMNS`, by time.
        counts: As in `captures.Captured`.
        end: Until when requests are missed, in UTC; None: until the last one.
        parameters: The largest shares, each 0 to 1, of how many at least, and the longest gap in hours.

    Returns:
        `ok`: few enough rows were refused, and few enough lines cannot be read; `findings`: what is unusual, a
        sentence each. Warnings, which tell of unusual animals, and silence are no faults of the service. `warned_rows`,
        `refused_rows`, `unreadable_lines`, and `longest_gap_hours` between two requests, or the last one and the end
        (None without any).
    """
    warned = int(rows["warned"].sum())
    asked = counts["rows"] + counts["refused_rows"]
    faults = [
        *_too_many("refused", "rows were refused", counts["refused_rows"], asked, parameters),
        *_too_many(
            "unreadable", "captured lines cannot be read", counts["unreadable_lines"], counts["lines"], parameters
        ),
    ]
    warnings = _too_many("warned", "rows carry a warning", warned, len(rows), parameters)
    gap = _longest_gap_hours(rows["time"], end)
    silent = gap is not None and gap > parameters["maximum_gap_hours"]
    silence = [f"nothing was asked, or captured, for {gap:.0f} hours"] if silent else []
    return {
        "ok": not faults,
        "findings": [*faults, *warnings, *silence],
        "warned_rows": warned,
        "refused_rows": counts["refused_rows"],
        "unreadable_lines": counts["unreadable_lines"],
        "longest_gap_hours": gap,
    }


def _too_many(name: str, what: str, count: int, total: int, parameters: Mapping[str, Any]) -> list[str]:
    """Return a sentence when the share of so many is beyond its maximum."""
    maximum = parameters[f"maximum_{name}_share"]
    if total < parameters["minimum_count"] or count <= maximum * total:
        return []
    return [f"{count:,} of {total:,} {what}: {count / total:.1%}, more than {maximum:.1%}"]


def _longest_gap_hours(times: "pd.Series[pd.Timestamp]", end: datetime | None) -> float | None:
    if not len(times):
        return None
    gaps = [times.diff().max(), pd.Timedelta(0) if end is None else end - times.iloc[-1]]
    return max(0.0, *(gap / pd.Timedelta(hours=1) for gap in gaps if not pd.isna(gap)))
