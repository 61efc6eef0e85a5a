"""Validation of many batches at once: most of its time goes by call, not by row."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray

from abalone.pipelines.ingestion.batch import Batch
from abalone.pipelines.ingestion.faults import Fault, reasons_by_line
from abalone.pipelines.ingestion.fields import LINE
from abalone.pipelines.ingestion.validation import validate

BYTES_AT_ONCE = 1 << 24
"""A chunk is complete with this many bytes, for its batches are in memory together."""


class Validated(NamedTuple):
    """What became of the rows of a chunk.

    Attributes:
        rows: Those without a fault: batch, line and the columns of `schema.COLUMN_NAMES`, by batch and line.
        reasons: For each batch, the reasons of each other row, by line.
    """

    rows: pd.DataFrame
    reasons: dict[str, dict[int, list[str]]]


def in_chunks(batches: Iterable[tuple[str, Batch]]) -> Iterator[dict[str, Batch]]:
    """Gather batches, in their order, into chunks of a bounded size, or of one batch that is larger."""
    chunk: dict[str, Batch] = {}
    size = 0
    for name, batch in batches:
        chunk[name] = batch
        size += len(batch.lines.raw)
        if size >= BYTES_AT_ONCE:
            yield chunk
            chunk, size = {}, 0
    if chunk:
        yield chunk


def validate_chunk(chunk: Mapping[str, Batch], schema: pa.DataFrameSchema) -> Validated:
    """Validate the rows of some batches against the schema, all at once.

    Args:
        chunk: By name, at least one batch.
        schema: The result of `measurement_schema`.

    Returns:
        The rows without a fault, and the reasons of the others.
    """
    names, batches = list(chunk), list(chunk.values())
    # Line numbers run on from batch to batch while the rows are together.
    before = np.cumsum([0, *(len(batch.lines.bounds) for batch in batches[:-1])])
    table = pd.concat([batch.table for batch in batches], ignore_index=True) if len(batches) > 1 else batches[0].table
    running = table[LINE] + np.repeat(before, [len(batch.table) for batch in batches])
    table = table.assign(**{LINE: running})
    faults = [
        Fault(start + line, reason)
        for start, batch in zip(before.tolist(), batches, strict=True)
        for line, reason in batch.faults
    ]
    running_reasons = reasons_by_line([*faults, *validate(table, schema)])

    rows = table[~running.isin(running_reasons.keys())]
    places = _places(rows[LINE].to_numpy(), before)
    rows = rows.assign(**{LINE: rows[LINE] - before[places]})
    rows.insert(0, "batch", pd.array(names, dtype="str").take(places))

    reasons: dict[str, dict[int, list[str]]] = {name: {} for name in names}
    bad_lines = np.array(list(running_reasons), dtype=np.int64)
    bad_places = _places(bad_lines, before)
    lines = (bad_lines - before[bad_places]).tolist()
    for place, line, texts in zip(bad_places.tolist(), lines, running_reasons.values(), strict=True):
        reasons[names[place]][line] = texts
    return Validated(rows, reasons)


def _places(running: NDArray[np.int64], before: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tell to which batch, by its place in the chunk, each running line number belongs."""
    return np.searchsorted(before, running, side="left") - 1
