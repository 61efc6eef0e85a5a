"""The job: from the landing batches to the tables and their reports."""

import json
import logging
import time
from collections.abc import Sequence
from typing import Any

from pyspark.sql import SparkSession

from abalone import log
from abalone.errors import AbaloneError
from abalone.etl.arguments import Options, read_arguments_of_glue
from abalone.etl.batches import landed_batches
from abalone.etl.configuration import Configuration, read_configuration
from abalone.etl.failure import reason
from abalone.etl.folder import DataFolder
from abalone.etl.inputs import digest_inputs
from abalone.etl.making import make_tables
from abalone.etl.manifest import RUNS, current_tables, new_run, remove_leftovers, swap_tables, whole_run
from abalone.etl.metrics import put_metrics
from abalone.etl.reports import INGESTION_REPORT, publish
from abalone.etl.session import spark_session

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> None:
    """Run the job as Glue starts it.

    Args:
        arguments: See `read_arguments_of_glue`.

    Raises:
        AbaloneError: An argument, the configuration or the data are wrong, or a service fails; in one line.
    """
    start(read_arguments_of_glue(arguments))


def start(options: Options) -> tuple[Configuration, dict[str, Any]]:
    """Run the job.

    Args:
        options: What is asked for.

    Returns:
        What was configured, and the report of the ingestion.

    Raises:
        AbaloneError: The configuration or the data are wrong, or a service fails; in one line.
    """
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
    return configuration, report


def run(spark: SparkSession, configuration: Configuration, split_bytes: int) -> dict[str, Any]:
    """Make the tables and their reports, or keep those that are there, if nothing has changed since.

    The manifest is replaced when the run has written everything else, and then its reports are put in their place: a
    run that is killed before leaves all as it was, and after one that is killed in between the next run puts them,
    whatever becomes of that.

    Args:
        spark: The session.
        configuration: Where the data are, and the parameters.
        split_bytes: Larger batches are cut.

    Returns:
        The report of the ingestion.

    Raises:
        AbaloneError: There is no batch, too many rows are bad, too few are good, or another run was faster.
    """
    folder = DataFolder(configuration.data)
    current = current_tables(folder)
    batches = landed_batches(folder, configuration.rules)
    inputs = digest_inputs(batches, configuration)
    whole = whole_run(folder, current)
    if whole:
        publish(folder, f"{RUNS}/{whole}")
    if whole and current.inputs == inputs:
        logger.info("nothing has changed since the run %s: its tables stay", whole)
    else:
        name = new_run()
        tables, parsed = make_tables(spark, folder, f"{RUNS}/{name}", batches, configuration, split_bytes=split_bytes)
        swap_tables(folder, name, inputs, tables, current)
        publish(folder, f"{RUNS}/{name}")
        remove_leftovers(folder, name, current.manifest, parsed)
    report: dict[str, Any] = json.loads(folder.read(INGESTION_REPORT))
    return report
