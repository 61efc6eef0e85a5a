"""The train and the test table, by Spark's tasks.

The split is made in the tasks, on Arrow tables: on a Spark frame, the optimiser pushes the filter on the hash below the
columns that it is calculated from, and inlines each of them many times over, into code that Java cannot compile.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import pyarrow as pa
from pyspark.sql import SparkSession

from abalone.etl.folder import DataFolder
from abalone.etl.parsed import Part
from abalone.etl.tasks import run_tasks
from abalone.model.split import train_test_split
from abalone.schema import RINGS, SEX

SIDES = ("train", "test")


class SplitRule(NamedTuple):
    """The parameters that decide the side of a row; see `train_test_split`."""

    test_fraction: float
    random_state: int


class Side(NamedTuple):
    """The train or the test table as written.

    Attributes:
        parts: The files.
        strata: Rows by sex and rings.
    """

    parts: list[Part]
    strata: Counter[tuple[str, int]]


def write_sides(
    spark: SparkSession, folder: DataFolder, run: str, measurements: Sequence[Part], rule: SplitRule
) -> dict[str, Side]:
    """Write the train and the test table.

    Args:
        spark: The session.
        folder: The data folder.
        run: Folder of the tables in it.
        measurements: The files of the measurements.
        rule: The parameters of the split.

    Returns:
        What was written, by batch and line, under train and test.
    """
    split = partial(_split, folder=folder, run=run, rule=rule)
    sides = {name: Side([], Counter()) for name in SIDES}
    for written in run_tasks(spark, "split {} of {} parts", list(enumerate(measurements)), split):
        for name, side in written.items():
            sides[name].parts.extend(side.parts)
            sides[name].strata.update(side.strata)
    return sides


def _split(given: tuple[int, Part], folder: DataFolder, run: str, rule: SplitRule) -> dict[str, Side]:
    number, part = given
    tables = train_test_split(folder.read_table(part.file), rule.test_fraction, rule.random_state)
    return {
        name: _write(table, f"{run}/{name}_table/part-{number:05}.parquet", folder)
        for name, table in zip(SIDES, tables, strict=True)
    }


def _write(table: pa.Table, file: str, folder: DataFolder) -> Side:
    if not len(table):
        return Side([], Counter())
    folder.write_table(file, table)
    counts = table.group_by([SEX.name, RINGS.name]).aggregate([([], "count_all")])
    keys = zip(counts[SEX.name].to_pylist(), counts[RINGS.name].to_pylist(), strict=True)
    return Side([Part(file, len(table))], Counter(dict(zip(keys, counts["count_all"].to_pylist(), strict=True))))
