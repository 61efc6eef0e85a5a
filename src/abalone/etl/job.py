"""The job: from the landing batches to the tables and their reports."""

import logging
import time
from collections.abc import Sequence
from typing import Any

import pandas as pd
from pyspark.sql import SparkSession

from abalone import log
from abalone.errors import AbaloneError
from abalone.etl.arguments import read_arguments
from abalone.etl.batches import Rules, landed_batches
from abalone.etl.configuration import Configuration, read_configuration
from abalone.etl.failure import reason
from abalone.etl.folder import DataFolder
from abalone.etl.ingest import parse_batches
from abalone.etl.manifest import RUNS, current_tables, new_run, remove_leftovers, swap_tables
from abalone.etl.measurements import write_measurements
from abalone.etl.metrics import put_metrics
from abalone.etl.quarantine import write_quarantine
from abalone.etl.reports import REPORTING, count_rows, strata_table, write_csv, write_json
from abalone.etl.session import spark_session
from abalone.etl.split import SplitRule, write_sides
from abalone.pipelines.feature_engineering.nodes import check_sizes, hold_out, tell_stratification
from abalone.pipelines.feature_engineering.stratification import strata_report
from abalone.pipelines.ingestion.nodes import check_quarantine
from abalone.pipelines.ingestion.quarantine import for_spreadsheets

logger = logging.getLogger(__name__)

HELD_OUT = "05_model_input/held_out.csv"


def main(arguments: Sequence[str]) -> None:
    """Run the job.

    Args:
        arguments: See `read_arguments`.

    Raises:
        AbaloneError: An argument, the configuration or the data are wrong, or a service fails; in one line.
    """
    options = read_arguments(arguments)
    try:
        configuration = read_configuration(options)
        log.configure()
        started = time.perf_counter()
        with spark_session() as spark:
            report = run(spark, configuration, options.split_bytes)
        if DataFolder(configuration.data).is_on_s3:
            put_metrics(options.environment, report, time.perf_counter() - started)
    except Exception as error:
        message = reason(error)
        if message is None:
            raise
        raise AbaloneError(message) from error


def run(spark: SparkSession, configuration: Configuration, split_bytes: int) -> dict[str, Any]:
    """Make the tables and their reports.

    The manifest is written last: a run that is killed before leaves the tables as they were, and the next one writes
    the reports anew. What explains a quarantine that is too large is written before the run stops for it.

    Args:
        spark: The session.
        configuration: Where the data are, and the parameters.
        split_bytes: Larger batches are cut.

    Returns:
        The report of the ingestion.

    Raises:
        AbaloneError: There is no batch, too many rows are bad, or too few are good.
    """
    folder = DataFolder(configuration.data)
    ingestion, splitting = configuration.ingestion, configuration.feature_engineering
    rules = Rules(ingestion["parts_tolerance"], ingestion["maximum_line_bytes"])
    run_name, previous = new_run(), current_tables(folder)
    run_folder = f"{RUNS}/{run_name}"

    parsed = parse_batches(spark, folder, landed_batches(folder, rules), rules, split_bytes)
    quarantine = write_quarantine(spark, folder, run_folder, parsed)
    write_csv(folder, f"{REPORTING}/quarantine.csv", quarantine.parts, for_spreadsheets)
    measurements = write_measurements(spark, folder, run_folder, parsed)
    report = count_rows(parsed, quarantine, measurements)
    check_quarantine(pd.DataFrame(), report, ingestion["max_quarantined_fraction"])

    rule = SplitRule(splitting["test_fraction"], splitting["random_state"])
    sides = write_sides(spark, folder, run_folder, measurements.parts, rule)
    check_sizes({name: sum(side.strata.values()) for name, side in sides.items()}, splitting["minimum_rows"])
    split_report = strata_report(strata_table(sides), rule.test_fraction, splitting["ring_bands"])
    tell_stratification(split_report, rule.test_fraction, splitting["maximum_standard_errors"])

    write_csv(folder, HELD_OUT, sides["test"].parts, hold_out)
    write_json(folder, "split_report", split_report)
    write_json(folder, "ingestion_report", report)
    tables = {"measurements": measurements.parts, "quarantine": quarantine.parts}
    tables |= {f"{name}_table": side.parts for name, side in sides.items()}
    swap_tables(folder, run_name, tables, previous)
    remove_leftovers(folder, run_name, previous, parsed)
    return report
