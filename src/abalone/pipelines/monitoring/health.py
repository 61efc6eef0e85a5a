"""Whether the service does its work: warnings, refusals, damaged files, silence."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from abalone.pipelines.monitoring.window import Window


def examine_health(
    rows: pd.DataFrame, counts: Mapping[str, int], window: Window, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Examine how the service fares.

    Args:
        rows: Of the window, as in `served_rows.COLUMNS`, by time.
        counts: As in `captures.Captured`.
        window: The window.
        parameters: The largest shares, each 0 to 1, and the longest gap in hours.

    Returns:
        `ok`: no share is beyond its maximum; `findings`: what is unusual, a sentence each, silence too, which is no
        fault of its own; `warned_rows`, `refused_rows`, `unreadable_lines`, and `longest_gap_hours` between two
        requests, or the last one and the end of the window (None without any).
    """
    warned = int(rows["warned"].sum())
    asked = len(rows) + counts["refused_rows"]
    shares = (
        ("warned", "rows carry a warning", warned, len(rows)),
        ("refused", "rows were refused", counts["refused_rows"], asked),
        ("unreadable", "captured lines cannot be read", counts["unreadable_lines"], counts["lines"]),
    )
    faults = [
        f"{count:,} of {total:,} {what}: {count / total:.1%}, more than {parameters[f'maximum_{name}_share']:.1%}"
        for name, what, count, total in shares
        if total and count / total > parameters[f"maximum_{name}_share"]
    ]
    gap = _longest_gap_hours(rows["time"], window)
    silent = gap is not None and gap > parameters["maximum_gap_hours"]
    silence = [f"nothing was asked, or captured, for {gap:.0f} hours"] if silent else []
    return {
        "ok": not faults,
        "findings": [*faults, *silence],
        "warned_rows": warned,
        "refused_rows": counts["refused_rows"],
        "unreadable_lines": counts["unreadable_lines"],
        "longest_gap_hours": gap,
    }


def _longest_gap_hours(times: "pd.Series[pd.Timestamp]", window: Window) -> float | None:
    if not len(times):
        return None
    ends = [*times, window.end] if window.end is not None else [*times]
    return float(pd.Series(ends).diff().max() / pd.Timedelta(hours=1)) if len(ends) > 1 else 0.0
