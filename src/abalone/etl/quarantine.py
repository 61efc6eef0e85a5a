"""The quarantine of all batches: one table, one file for people, and what is counted in it."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import pyarrow as pa
from pyspark.sql import SparkSession

from abalone.etl.columns import QUARANTINE
from abalone.etl.folder import DataFolder
from abalone.etl.parsed import ParsedBatch, Part
from abalone.etl.parts import grouped
from abalone.etl.tasks import run_tasks
from abalone.pipelines.ingestion.quarantine import count_reasons

_ENTRIES_OF_PART = 200_000


class Quarantine(NamedTuple):
    """The quarantine as written.

    Attributes:
        parts: The files; at least one.
        rows: Quarantined rows by batch.
        reasons: Quarantined rows by kind of reason.
    """

    parts: list[Part]
    rows: Counter[str]
    reasons: Counter[str]


def write_quarantine(spark: SparkSession, folder: DataFolder, run: str, parsed: Sequence[ParsedBatch]) -> Quarantine:
    """Write what all batches send to quarantine.

    Args:
        spark: The session.
        folder: The data folder.
        run: Folder of the tables in it.
        parsed: What became of the batches, sorted by name.

    Returns:
        What was written, by batch and line.
    """
    groups = grouped([part for batch in parsed for part in batch.quarantine], _ENTRIES_OF_PART) or [[]]
    merge = partial(_merge, folder=folder, table=f"{run}/quarantine")
    whole = Quarantine([], Counter(), Counter())
    for quarantine in run_tasks(spark, "gathered {} of {} parts of the quarantine", list(enumerate(groups)), merge):
        whole.parts.extend(quarantine.parts)
        # not by adding, which forgets what stands for no rows
        whole.rows.update(quarantine.rows)
        whole.reasons.update(quarantine.reasons)
    return whole


def _merge(given: tuple[int, list[str]], folder: DataFolder, table: str) -> Quarantine:
    number, files = given
    entries = pa.concat_tables(
        [QUARANTINE.empty_table(), *(folder.read_table(file).cast(QUARANTINE) for file in files)]
    )
    part = Part(f"{table}/part-{number:05}.parquet", len(entries))
    folder.write_table(part.file, entries)
    frame = entries.to_pandas()
    rows = frame.groupby("batch")["rows"].sum()
    return Quarantine([part], Counter(rows.to_dict()), Counter(count_reasons(frame)))
