"""The tables and the reports of a run, in the folder of that run."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import pandas as pd
from pyspark.sql import SparkSession

from abalone.errors import AbaloneError
from abalone.etl.batches import LandedBatch
from abalone.etl.configuration import Configuration
from abalone.etl.folder import DataFolder
from abalone.etl.ingest import parse_batches
from abalone.etl.measurements import write_measurements
from abalone.etl.parsed import ParsedBatch, Part
from abalone.etl.quarantine import write_quarantine
from abalone.etl.reports import (
    HELD_OUT,
    INGESTION_REPORT,
    QUARANTINE_REPORT,
    SPLIT_REPORT,
    count_rows,
    publish,
    strata_table,
    write_csv,
    write_json,
)
from abalone.etl.split import SplitRule, write_sides
from abalone.pipelines.feature_engineering.nodes import check_sizes, hold_out_part, tell_stratification
from abalone.pipelines.feature_engineering.stratification import strata_report
from abalone.pipelines.ingestion.nodes import check_quarantine
from abalone.pipelines.ingestion.quarantine import for_spreadsheets


class Made(NamedTuple):
    """What a run has made.

    Attributes:
        tables: Files of each table.
        parsed: What became of each batch.
    """

    tables: dict[str, list[Part]]
    parsed: list[ParsedBatch]


def make_tables(
    spark: SparkSession,
    folder: DataFolder,
    run: str,
    batches: Sequence[LandedBatch],
    configuration: Configuration,
    *,
    split_bytes: int,
) -> Made:
    """Make the tables and the reports of all batches.

    Args:
        spark: The session.
        folder: The data folder.
        run: Folder of the run in it.
        batches: All batches of the landing zone.
        configuration: The parameters.
        split_bytes: Larger batches are cut.

    Returns:
        What was made.

    Raises:
        AbaloneError: Too many rows are bad, which the published quarantine explains, too few are good, or a batch has
            been replaced or removed since it was listed.
    """
    ingestion, splitting = configuration.ingestion, configuration.feature_engineering
    parsed = parse_batches(spark, folder, batches, configuration.rules, split_bytes)
    quarantine = write_quarantine(spark, folder, run, parsed)
    write_csv(folder, f"{run}/{QUARANTINE_REPORT}", quarantine.parts, for_spreadsheets)
    measurements = write_measurements(spark, folder, run, parsed)
    report = count_rows(parsed, quarantine, measurements)
    try:
        check_quarantine(pd.DataFrame(), report, ingestion["max_quarantined_fraction"])
    except AbaloneError:
        publish(folder, run, [QUARANTINE_REPORT])
        raise

    rule = SplitRule(splitting["test_fraction"], splitting["random_state"])
    sides = write_sides(spark, folder, run, measurements.parts, rule)
    rows = {name: sum(side.strata.values()) for name, side in sides.items()}
    check_sizes(rows, splitting["minimum_rows"])
    split_report = strata_report(strata_table(sides), rule.test_fraction, splitting["ring_bands"])
    tell_stratification(split_report, rule.test_fraction, splitting["maximum_standard_errors"])

    sample = partial(
        hold_out_part,
        test_rows=rows["test"],
        held_out_rows=splitting["held_out_rows"],
        random_state=rule.random_state,
    )
    write_csv(folder, f"{run}/{HELD_OUT}", sides["test"].parts, sample)
    write_json(folder, f"{run}/{SPLIT_REPORT}", split_report)
    write_json(folder, f"{run}/{INGESTION_REPORT}", report)
    tables = {"measurements": measurements.parts, "quarantine": quarantine.parts}
    return Made(tables | {f"{name}_table": side.parts for name, side in sides.items()}, parsed)
