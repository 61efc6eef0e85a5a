"""The quarantine: what was not accepted, from where, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from abalone.pipelines.ingestion.batch import Batch
from abalone.pipelines.ingestion.faults import SEPARATOR, kind
from abalone.pipelines.ingestion.text import printable

WHOLE_BATCH = 0
"""The line number of an entry that stands for a batch that cannot be read at all."""


class Entry(NamedTuple):
    """A row of the quarantine.

    Attributes:
        batch: Name of the batch.
        line: 1-based physical line; 0 stands for the whole batch.
        raw_line: The line, printable.
        reasons: Why it is not accepted, joined by "; ".
        rows: How many rows the entry stands for.
    """

    batch: str
    line: int
    raw_line: str
    reasons: str
    rows: int


_DTYPES = {"batch": "str", "line": "int64", "raw_line": "str", "reasons": "str", "rows": "int64"}
_RAW_LINE_BYTES = 2_000
_FORMULA_SIGNS = ("=", "+", "-", "@")


def quarantine_entries(name: str, batch: Batch, reasons: Mapping[int, list[str]]) -> list[Entry]:
    """List what a batch sends to quarantine.

    Args:
        name: Name of the batch.
        batch: The batch.
        reasons: The reasons of each quarantined row, by line, ascending; unused where the batch is refused whole.

    Returns:
        The entries, sorted by line.
    """
    if batch.refusal:
        first = printable(batch.lines[0], _RAW_LINE_BYTES) if len(batch.lines) else ""
        return [Entry(name, WHOLE_BATCH, first, batch.refusal, batch.rows)]
    indices = np.searchsorted(batch.lines.numbers, np.array(list(reasons), dtype=np.int64)).tolist()
    raw_lines = [printable(batch.lines[index], _RAW_LINE_BYTES) for index in indices]
    return [
        Entry(name, line, raw_line, SEPARATOR.join(texts), 1)
        for (line, texts), raw_line in zip(reasons.items(), raw_lines, strict=True)
    ]


def quarantine_table(entries: Iterable[Entry]) -> pd.DataFrame:
    """Tabulate the entries, in their order: a column for each attribute of `Entry`."""
    return pd.DataFrame(entries, columns=list(_DTYPES)).astype(_DTYPES)


def count_reasons(quarantine: pd.DataFrame) -> dict[str, int]:
    """Count the rows by kind of reason, the most frequent first."""
    counts: Counter[str] = Counter()
    for reasons, rows in zip(quarantine["reasons"], quarantine["rows"], strict=True):
        for reason in {kind(reason) for reason in reasons.split(SEPARATOR)}:
            counts[reason] += rows
    return most_frequent_first(counts)


def most_frequent_first(counts: Mapping[str, int]) -> dict[str, int]:
    """Order counts, those that are equal by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def for_spreadsheets(quarantine: pd.DataFrame) -> pd.DataFrame:
    """Disarm raw lines that a spreadsheet would run as a formula, with an apostrophe in front."""
    armed = quarantine["raw_line"].str.startswith(_FORMULA_SIGNS)
    return quarantine.assign(raw_line=quarantine["raw_line"].where(~armed, "'" + quarantine["raw_line"]))
