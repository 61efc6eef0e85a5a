"""True rings that were told later, and the rows that they belong to."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
import pandas as pd

from abalone.captures.layout import CaptureFile
from abalone.captures.lines import Label, split_lines
from abalone.captures.window import Window
from abalone.schema import RINGS

COUNTS = ("label_files", "label_lines", "labels", "duplicate_labels", "truncated_labels", "unreadable_labels")
"""`label_lines` is the sum of the four below it."""

_KEY = ["endpoint", "event_id", "row"]
_decoder = msgspec.json.Decoder(Label)


class Labels(NamedTuple):
    """What was told.

    Attributes:
        table: `endpoint`, `event_id`, `row` and `rings`; one label a row of an answer, the one that was told last.
        counts: Those of `COUNTS`.
    """

    table: pd.DataFrame
    counts: dict[str, int]


def read_labels(files: Iterable[CaptureFile], window: Window) -> Labels:
    """Read labels; of two for the same row the one that was told later counts.

    Args:
        files: Some or all, in the order of their hours; captures, and those from before the window, are passed over.
        window: When the predictions were made that the labels are about.

    Returns:
        The labels, with what was counted.
    """
    counts: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))
    told: dict[tuple[str, str, int], float] = {}
    for file in files:
        if not file.holds_labels or not window.may_be_about(file.hour):
            continue
        counts["label_files"] += 1
        for line, is_whole in split_lines(file.read()):
            counts["label_lines"] += 1
            counts[_take(line, is_whole, file.endpoint, told)] += 1
    keys = pd.DataFrame(list(told), columns=_KEY).astype({"endpoint": "str", "event_id": "str", "row": "int64"})
    return Labels(keys.assign(**{RINGS.name: pd.Series(told.values(), dtype="float64")}), dict(counts))


def match_labels(rows: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Add the true rings to the rows that they belong to.

    Args:
        rows: As in `served_rows.COLUMNS`, by time.
        labels: As in `Labels.table`.

    Returns:
        The rows with the column `rings`, NaN where there is no label. Of rows that share a name, as those of a caller
        who names two requests alike, the last one has it.
    """
    matched = rows.merge(labels, on=_KEY, how="left", validate="many_to_one")
    is_last = ~matched.duplicated(_KEY, keep="last")
    return matched.assign(**{RINGS.name: matched[RINGS.name].where(is_last)})


def _take(line: bytes, is_whole: bool, endpoint: str, told: dict[tuple[str, str, int], float]) -> str:
    """Keep a label, and tell as what its line counts."""
    try:
        label = _decoder.decode(line)
        rings = float(label.ground_truth_data.data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return "unreadable_labels" if is_whole else "truncated_labels"
    if not (RINGS.above < rings <= RINGS.maximum and rings.is_integer()):
        return "unreadable_labels"
    key = (endpoint, label.event_metadata.event_id, label.event_metadata.row)
    is_known = key in told
    told[key] = rings
    return "duplicate_labels" if is_known else "labels"
