"""What is wrong with a line: the reasons that end up in the quarantine."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

SEPARATOR = "; "
"""Joins the reasons of a row, and its flags."""


class Fault(NamedTuple):
    """One thing that is wrong with one line.

    Attributes:
        line: 1-based physical line number.
        reason: What precedes ": " in it is its kind, the same in all rows with that fault, which reports count.
    """

    line: int
    reason: str


def reasons_by_line(faults: Iterable[Fault]) -> dict[int, list[str]]:
    """Gather the reasons of each line, in the order in which they were found, the lines ascending."""
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    for line, reason in faults:
        reasons[line].append(reason)
    return dict(sorted(reasons.items()))


def kind(reason: str) -> str:
    """Return the part of a reason that is the same in all rows with that fault."""
    return reason.split(": ", 1)[0]
