"""A large batch to ranges of whole lines, which give together what the batch as a whole gives.

A range begins after a LF, so that neither a line nor a CRLF is cut. What only the whole batch tells (its header,
whether it is refused, on which line a range begins) is known when the lines of every range have been counted.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from abalone.etl.batches import LandedBatch, read_landed
from abalone.etl.folder import DataFolder
from abalone.pipelines.ingestion.batch import Batch, read_batch
from abalone.pipelines.ingestion.lines import split_lines, wide_encoding

_LOOK_AHEAD_BYTES = 1 << 16


class Piece(NamedTuple):
    """A batch, or a range of its lines, that is parsed at once.

    Attributes:
        batch: What it is of.
        number: Its place among the pieces of the batch.
        start: Where it begins, in bytes.
        end: Where it ends, in bytes.
        header: The header line to put in front; b"" where the piece begins with it.
        lines_before: Physical lines of the batch before the piece.
    """

    batch: LandedBatch
    number: int
    start: int
    end: int
    header: bytes = b""
    lines_before: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether it is all of its batch."""
        return self.start == 0 and self.end == self.batch.size


class Count(NamedTuple):
    """What a range holds.

    Attributes:
        start: Where it begins, in bytes.
        end: Where it ends, in bytes.
        lines: Physical lines.
        held: Lines that are not blank.
        has_nul: Whether there is a NUL byte.
        header: Of the first range of a batch: the first line that is not blank, b"" if there is none, or if the batch
            is encoded so that it cannot be cut.
    """

    start: int
    end: int
    lines: int
    held: int
    has_nul: bool
    header: bytes = b""


def count_range(folder: DataFolder, batch: LandedBatch, number: int, split_bytes: int) -> Count:
    """Count the lines of a range.

    Args:
        folder: The data folder.
        batch: The batch.
        number: Which of its ranges, counted from 0.
        split_bytes: Size of a range, up to the end of a line; one within a longer line is empty.
    """
    start, end = (_line_start(folder, batch, place * split_bytes) for place in (number, number + 1))
    if start == end:
        return Count(start, end, 0, 0, has_nul=False)
    raw = read_landed(folder, batch, start, end)
    if number:
        # a byte-order mark is one at the beginning of a file only
        lines = split_lines(b"\n" + raw)
        return Count(start, end, len(lines.bounds) - 2, len(lines), b"\0" in raw)
    lines = split_lines(raw)
    header = lines[0] if len(lines) and wide_encoding(raw) is None else b""
    return Count(start, end, len(lines.bounds) - 1, len(lines), b"\0" in raw, header)


def cut(batch: LandedBatch, counts: Sequence[Count], maximum_line_bytes: int) -> list[Piece] | Batch:
    """Decide how a batch is parsed.

    Args:
        batch: The batch.
        counts: Of its ranges, in their order.
        maximum_line_bytes: Longer lines are a fault.

    Returns:
        The pieces that hold something, or the batch as a whole where it cannot be cut. If it is refused whole: a batch
        without lines but the first, with the refusal and the true number of rows.
    """
    header, held = counts[0].header, sum(count.held for count in counts)
    if not header or len(header) > maximum_line_bytes:
        return [Piece(batch, 0, 0, batch.size)]
    has_rows, has_nul = held > 1, any(count.has_nul for count in counts)
    # Enough of the batch to be refused for the same reason; a byte-order mark within it is none at its beginning.
    sample = read_batch(b"\n" + header + b"\n" + b"row" * has_rows + b"\0" * has_nul, maximum_line_bytes)
    if sample.refusal:
        headers = len(sample.lines) - sample.rows
        return replace(sample, rows=held - headers)
    before = accumulate((count.lines for count in counts), initial=0)
    return [
        Piece(batch, number, count.start, count.end, header if number else b"", lines_before)
        for number, (count, lines_before) in enumerate(zip(counts, before, strict=False))
        if count.held > (number == 0)
    ]


def _line_start(folder: DataFolder, batch: LandedBatch, position: int) -> int:
    """Find where the first line begins that does so at a position or after it."""
    if position == 0:
        return 0
    for start in range(position - 1, batch.size, _LOOK_AHEAD_BYTES):
        found = read_landed(folder, batch, start, min(start + _LOOK_AHEAD_BYTES, batch.size)).find(b"\n")
        if found >= 0:
            return start + found + 1
    return batch.size
