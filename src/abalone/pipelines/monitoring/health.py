"""Whether the service does its work: warnings, refusals, damaged files, lost labels, silence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from abalone.captures import Window


def examine_health(
    rows: pd.DataFrame,
    counts: Mapping[str, int],
    end: datetime | None,
    captured: Window,
    parameters: Mapping[str, Any],
) -> dict[str, Any]:
    """Examine how the service fares.

    Args:
        rows: Of the window, as in `captures.served_rows.COLUMNS`, by time.
        counts: Those of `read_served_rows` and `read_labelled_rows`.
        end: Until when requests are missed, in UTC; None: until the last one.
        captured: The time of which there are captures.
        parameters: The largest shares, each 0 to 1, of how many rows at least, and the longest gap in hours.

    Returns:
        `ok`: few enough rows were refused, and few enough lines cannot be read; `findings`: what is unusual, a
        sentence each. Warnings, which tell of unusual animals, labels of no prediction, and silence are no faults of
        the service. `warned_rows`, `refused_rows`, `unreadable_lines`, and `longest_gap_hours` between two requests,
        or the last one and the end (None without any).
    """
    warned, refused, unreadable = int(rows["warned"].sum()), counts["refused_rows"], counts["unreadable_lines"]
    asked, least = counts["rows"] + refused, parameters["minimum_count"]
    faults = []
    if asked >= least:
        faults += _too_many("refused", "rows were refused", refused, asked, parameters)
    # A line is a request, of any number of animals: two of them are no accident any more.
    if unreadable > 1:
        faults += _too_many("unreadable", "captured lines cannot be read", unreadable, counts["lines"], parameters)
    remarks = [] if len(rows) else [_nothing_predicted(counts, captured)]
    if len(rows) >= least:
        remarks += _too_many("warned", "rows carry a warning", warned, len(rows), parameters)
    gap = _longest_gap_hours(rows["time"], end)
    if gap is not None and gap > parameters["maximum_gap_hours"]:
        remarks.append(f"nothing was asked, or captured, for {gap:.0f} hours")
    return {
        "ok": not faults,
        "findings": [*faults, *remarks, *_lost_labels(counts)],
        "warned_rows": warned,
        "refused_rows": refused,
        "unreadable_lines": unreadable,
        "longest_gap_hours": gap,
    }


def _too_many(name: str, what: str, count: int, total: int, parameters: Mapping[str, Any]) -> list[str]:
    """Return a sentence when the share is beyond its maximum."""
    maximum = parameters[f"maximum_{name}_share"]
    if count <= maximum * total:
        return []
    return [f"{count:,} of {total:,} {what}: {count / total:.1%}, more than {maximum:.1%}"]


def _nothing_predicted(counts: Mapping[str, int], captured: Window) -> str:
    if others := counts["foreign_version_rows"]:
        return f"other models predicted all {others:,} animals of this window, and the one in service none"
    if damaged := counts["truncated_lines"] + counts["unreadable_lines"]:
        return (
            f"no prediction of this window can be read: {damaged:,} of {counts['lines']:,} captured lines are damaged"
        )
    if counts["events"]:
        return "no animal of this window was predicted"
    if captured.begin is None or captured.end is None:
        return "nothing was captured in this window"
    span = f"{captured.begin:%Y-%m-%d %H:%M} to {captured.end:%Y-%m-%d %H:%M} UTC"
    return f"nothing was captured in this window: the captures span {span}"


def _lost_labels(counts: Mapping[str, int]) -> list[str]:
    """Return a sentence when half of the labels are of no prediction: then the others may be of a wrong one."""
    lost, told = counts["lost_labels"], counts["labels"]
    if not lost or 2 * lost < told:
        return []
    return [
        f"{lost:,} of {told:,} counts of rings belong to no captured prediction: are inference_id and row, which "
        "counts from 1, those of the answer?"
    ]


def _longest_gap_hours(times: "pd.Series[pd.Timestamp]", end: datetime | None) -> float | None:
    if not len(times):
        return None
    gaps = [times.diff().max(), pd.Timedelta(0) if end is None else end - times.iloc[-1]]
    return max(0.0, *(gap / pd.Timedelta(hours=1) for gap in gaps if not pd.isna(gap)))
