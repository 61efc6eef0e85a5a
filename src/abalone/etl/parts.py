"""Part files of accepted rows, as rows of a Spark frame, and back."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark import Accumulator
from pyspark.sql import DataFrame, SparkSession

from abalone.etl.columns import ACCEPTED, ACCEPTED_FOR_SPARK, PART, REPEATED
from abalone.etl.folder import DataFolder
from abalone.etl.parsed import Part

_ROWS_AT_ONCE = 20_000
_COUNTED = ["batch", "flags", REPEATED]
_RECEIPT = "file string, rows long, counts string"


class Receipt(NamedTuple):
    """What a task tells of a part that it has written.

    Attributes:
        part: The file and its rows.
        counts: Batch, flags, whether the row was left out as a repetition, and how many rows are so.
    """

    part: Part
    counts: list[tuple[str, str, bool, int]]


def grouped(parts: Sequence[Part], rows: int) -> list[list[str]]:
    """Put files together, in their order, until they have so many rows."""
    groups: list[list[str]] = []
    held = rows
    for part in parts:
        if held >= rows:
            groups.append([])
            held = 0
        groups[-1].append(part.file)
        held += part.rows
    return groups


def read_parts(spark: SparkSession, folder: DataFolder, groups: Sequence[list[str]]) -> DataFrame:
    """Read files with accepted rows.

    Args:
        spark: The session.
        folder: The data folder.
        groups: Files, in groups.

    Returns:
        The rows, and `PART` with the number of their group.
    """
    items = spark.sparkContext.parallelize(list(enumerate(groups)), len(groups))
    files = spark.createDataFrame(items, f"{PART} int, files array<string>")
    return files.mapInArrow(partial(_read, folder=folder), ACCEPTED_FOR_SPARK)


def _read(batches: Iterator[pa.RecordBatch], folder: DataFolder) -> Iterator[pa.RecordBatch]:
    for given in (row for batch in batches for row in batch.to_pylist()):
        for file in given["files"]:
            table = folder.read_table(file)
            number = pa.array(np.full(len(table), given[PART], dtype=np.int32))
            yield from table.add_column(0, PART, number).to_batches(max_chunksize=_ROWS_AT_ONCE)


def write_parts(frame: DataFrame, folder: DataFolder, table: str, done: Accumulator[int]) -> list[Receipt]:
    """Write the rows that are not `REPEATED`, those of each `PART` into a file of their own.

    Args:
        frame: The rows; those of a part are together, in the order to write them in.
        folder: The data folder.
        table: Folder of the files in it.
        done: Counts the parts that are written.

    Returns:
        What was written, in the order of the parts.
    """
    rows = frame.mapInArrow(partial(_write, folder=folder, table=table, done=done), _RECEIPT).collect()
    receipts = [Receipt(Part(row.file, row.rows), [tuple(count) for count in json.loads(row.counts)]) for row in rows]
    return sorted(receipts)


def _write(
    batches: Iterator[pa.RecordBatch], folder: DataFolder, table: str, done: Accumulator[int]
) -> Iterator[pa.RecordBatch]:
    slices = (piece for batch in batches for piece in _by_part(batch))
    for number, pieces in groupby(slices, key=lambda piece: piece[PART][0].as_py()):
        rows = pa.Table.from_batches(pieces)
        unique = rows.filter(pc.invert(rows[REPEATED])).select(ACCEPTED.names).cast(ACCEPTED)
        file = f"{table}/part-{number:05}.parquet"
        if len(unique):
            folder.write_table(file, unique)
        counts = rows.group_by(_COUNTED).aggregate([([], "count_all")]).select([*_COUNTED, "count_all"])
        done.add(1)
        told = json.dumps([list(count.values()) for count in counts.to_pylist()])
        yield pa.RecordBatch.from_pylist([{"file": file, "rows": len(unique), "counts": told}])


def _by_part(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    numbers = batch[PART].to_numpy()
    bounds = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    return (batch.slice(start, end - start) for start, end in pairwise(bounds) if end > start)
