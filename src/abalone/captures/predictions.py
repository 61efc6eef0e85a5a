"""Captured predictions to rows, each once, whatever became of the files."""

from collections import Counter
from collections.abc import Container, Iterable
from typing import NamedTuple

import msgspec
import pandas as pd

from abalone.captures.answers import read_answer
from abalone.captures.layout import CaptureFile
from abalone.captures.lines import Event, UnreadableError, split_lines
from abalone.captures.requests import read_request
from abalone.captures.served_rows import ServedRows
from abalone.captures.window import Window, is_believable

COUNTS = (
    "files",
    "lines",
    "events",
    "duplicate_events",
    "truncated_lines",
    "unreadable_lines",
    "events_outside_window",
)
"""`lines` = `events` + `duplicate_events` + `truncated_lines` + `unreadable_lines` + `events_outside_window`."""

_decoder = msgspec.json.Decoder(Event)


class Captured(NamedTuple):
    """What was captured.

    Attributes:
        rows: As in `served_rows.COLUMNS`, by time.
        counts: Those of `COUNTS`, and `rows` and `refused_rows`, whose sum is what the events asked for.
    """

    rows: pd.DataFrame
    counts: dict[str, int]


def read_captures(files: Iterable[CaptureFile], window: Window, wanted: Container[str] | None = None) -> Captured:
    """Read captured predictions.

    A file may come late or twice, and end within a line. An event that is captured again is the same event.

    Args:
        files: Some or all; those of labels, and those that cannot hold what was asked for in the window, are passed
            over.
        window: When it was asked for.
        wanted: What labels call the answers that are looked into; None: all of them. The rows of others are not read,
            but their lines are counted.

    Returns:
        The rows, with what was counted.
    """
    reader = _Reader(window, wanted)
    for file in files:
        if not file.holds_labels and window.may_hold(file.hour):
            reader.read(file)
    rows = reader.rows.to_frame().sort_values(["time", "event_id", "row"], kind="stable", ignore_index=True)
    return Captured(rows, {**reader.counts, "rows": len(rows), "refused_rows": reader.rows.refused})


class _Reader:
    def __init__(self, window: Window, wanted: Container[str] | None) -> None:
        self.rows = ServedRows()
        self.counts: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))
        self._window = window
        self._wanted = wanted
        self._known: set[str] = set()

    def read(self, file: CaptureFile) -> None:
        self.counts["files"] += 1
        for line, is_whole in split_lines(file.read()):
            self.counts["lines"] += 1
            self.counts[self._take(line, is_whole, file.endpoint)] += 1

    def _take(self, line: bytes, is_whole: bool, endpoint: str) -> str:
        """Add the rows of a line, and tell as what the line counts."""
        try:
            event = _decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return "unreadable_lines" if is_whole else "truncated_lines"
        is_wanted = self._wanted is None or event.answer_id in self._wanted
        if event.id in self._known:
            return "duplicate_events"
        asked = event.event_metadata.inference_time
        if not is_believable(asked):
            return "unreadable_lines"
        is_inside = self._window.holds(asked)
        if is_inside and is_wanted:
            payloads = event.capture_data
            try:
                answer = read_answer(payloads.endpoint_output)
                self.rows.add(endpoint, event, read_request(payloads.endpoint_input), answer)
            except UnreadableError:
                return "unreadable_lines"
        if is_wanted:  # the others, which may be many, are not held against each other
            self._known.add(event.id)
        return "events" if is_inside else "events_outside_window"
