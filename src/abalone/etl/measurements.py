"""The valid rows of all batches without repetitions, by Spark."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pyspark.sql import SparkSession, Window
from pyspark.sql.functions import row_number

from abalone.etl.columns import PART, REPEATED
from abalone.etl.folder import DataFolder
from abalone.etl.parsed import ParsedBatch, Part
from abalone.etl.parts import grouped, read_parts, write_parts
from abalone.etl.tasks import progress_logged
from abalone.schema import COLUMN_NAMES

_ROWS_OF_PART = 500_000


class Measurements(NamedTuple):
    """The measurements as written, and what was counted on the way.

    Attributes:
        parts: The files.
        accepted: Accepted rows by batch.
        duplicates: Rows that repeat an earlier one, by batch.
        flags: Accepted rows by their flags.
    """

    parts: list[Part]
    accepted: Counter[str]
    duplicates: Counter[str]
    flags: Counter[str]


def write_measurements(
    spark: SparkSession, folder: DataFolder, run: str, parsed: Sequence[ParsedBatch]
) -> Measurements:
    """Write the valid rows, without those that repeat an earlier one in every column of the schema.

    Args:
        spark: The session.
        folder: The data folder.
        run: Folder of the tables in it.
        parsed: What became of the batches, sorted by name.

    Returns:
        What was written, by batch and line.
    """
    written = Measurements([], Counter(), Counter(), Counter())
    groups = grouped([part for batch in parsed for part in batch.accepted], _ROWS_OF_PART)
    if not groups:
        return written
    equal_rows = Window.partitionBy(*COLUMN_NAMES).orderBy("batch", "line")
    rows = read_parts(spark, folder, groups).withColumn(REPEATED, row_number().over(equal_rows) > 1)
    # The rows go back to the part that they came from, so that the parts are in the order of batch and line.
    ordered = rows.repartition(len(groups), PART).sortWithinPartitions(PART, "batch", "line")
    with progress_logged(spark.sparkContext, "wrote {} of {} parts of the measurements", len(groups)) as done:
        receipts = write_parts(ordered, folder, f"{run}/measurements", done)
    for receipt in receipts:
        if receipt.part.rows:
            written.parts.append(receipt.part)
        for batch, flags, repeated, count in receipt.counts:
            if repeated:
                written.duplicates[batch] += count
            else:
                written.accepted[batch] += count
                written.flags[flags] += count
    return written
