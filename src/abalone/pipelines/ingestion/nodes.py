"""Nodes of the ingestion pipeline."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from abalone.errors import AbaloneError
from abalone.pipelines.ingestion.batch import read_batch
from abalone.pipelines.ingestion.chunks import in_chunks, validate_chunk
from abalone.pipelines.ingestion.flags import soft_flags
from abalone.pipelines.ingestion.landing import batches_by_name
from abalone.pipelines.ingestion.quarantine import for_spreadsheets, quarantine_entries, quarantine_table
from abalone.pipelines.ingestion.report import ingestion_report
from abalone.pipelines.ingestion.validation import measurement_schema
from abalone.schema import COLUMN_NAMES, RINGS

logger = logging.getLogger(__name__)

_TOP_REASONS = 3


def validate_batches(
    landing_batches: Mapping[str, Callable[[], bytes]], parts_tolerance: float, maximum_line_bytes: int
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Read every batch of the landing zone and part its rows into valid and quarantined ones.

    Args:
        landing_batches: By name of the file in the landing zone, a function that returns its bytes.
        parts_tolerance: Share of the whole weight by which the sum of the parts may exceed it unflagged.
        maximum_line_bytes: Longer lines are quarantined unread.

    Returns:
        The valid rows: batch, line, the columns of `schema.COLUMN_NAMES` and flags, by batch and line;
        the quarantine (see `quarantine_table`), in the same order; the number of rows of each batch.

    Raises:
        AbaloneError: There is no batch, or two files have the same name but for the case of their ending.
    """
    schema = measurement_schema()
    valid, quarantined, rows_in = [], [], {}
    loaders = batches_by_name(landing_batches)
    for chunk in in_chunks((name, read_batch(load(), maximum_line_bytes)) for name, load in loaders.items()):
        rows, reasons = validate_chunk(chunk, schema)
        accepted = rows.astype({RINGS.name: "int64"})
        valid.append(accepted.assign(flags=soft_flags(accepted, parts_tolerance)))
        for name, batch in chunk.items():
            quarantined += quarantine_entries(name, batch, reasons[name])
            rows_in[name] = batch.rows
            if batch.refusal:
                logger.warning("batch %s is quarantined whole: %s", name, batch.refusal)
    return pd.concat(valid, ignore_index=True), quarantine_table(quarantined), rows_in


def drop_duplicates(valid_rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Drop the rows that repeat an earlier one in every column of the schema, whatever their batch.

    Args:
        valid_rows: As returned by `validate_batches`.

    Returns:
        The rows without the repetitions; the repetitions.
    """
    measured = valid_rows[list(COLUMN_NAMES)]
    # Equal rows have equal hashes: only rows that share theirs need the slower exact comparison.
    suspects = pd.util.hash_pandas_object(measured, index=False).duplicated(keep=False)
    repeated = measured[suspects].duplicated(keep="first").reindex(measured.index, fill_value=False)
    return valid_rows[~repeated].reset_index(drop=True), valid_rows[repeated].reset_index(drop=True)


def report_ingestion(
    unique_rows: pd.DataFrame, duplicates: pd.DataFrame, quarantine: pd.DataFrame, rows_in: dict[str, int]
) -> tuple[dict[str, Any], pd.DataFrame]:
    """Count what became of every row.

    Args:
        unique_rows: The rows that are accepted.
        duplicates: The rows that were dropped as repetitions.
        quarantine: The quarantine.
        rows_in: Number of rows of each batch.

    Returns:
        The report (see `ingestion_report`) and the quarantine as people may open it in a spreadsheet.

    Raises:
        AbaloneError: A row is unaccounted for.
    """
    report = ingestion_report(unique_rows, duplicates, quarantine, rows_in)
    logger.info(
        "%s rows in = %s accepted + %s quarantined + %s duplicates",
        *(f"{report[key]:,}" for key in ("rows_in", "accepted", "quarantined", "duplicates")),
    )
    return report, for_spreadsheets(quarantine)


def check_quarantine(
    unique_rows: pd.DataFrame, report: dict[str, Any], max_quarantined_fraction: float
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Let the accepted rows, and the report on them, pass only if few enough rows were bad.

    It takes the report, so that it runs when the quarantine, which tells what to mend, is saved.

    Args:
        unique_rows: The rows that are accepted.
        report: The report of the ingestion.
        max_quarantined_fraction: Largest share of quarantined rows with which the run goes on.

    Returns:
        The accepted rows and the report, unchanged.

    Raises:
        AbaloneError: Too many rows are quarantined, or none is accepted.
    """
    quarantined, rows_in = report["quarantined"], report["rows_in"]
    top = ", ".join(f"{reason} ({rows:,})" for reason, rows in list(report["reasons"].items())[:_TOP_REASONS])
    where = f"most frequent reasons: {top or 'none'}; see quarantine.csv in 08_reporting of the data folder"
    if not report["accepted"]:
        raise AbaloneError(f"None of {rows_in:,} rows is accepted; {where}, and mend the batches.")
    if quarantined > max_quarantined_fraction * rows_in:
        raise AbaloneError(
            f"{quarantined:,} of {rows_in:,} rows ({quarantined / rows_in:.1%}) are quarantined, more than "
            f"ingestion.max_quarantined_fraction = {max_quarantined_fraction:g} allows; {where}, mend the batches "
            "or raise the limit."
        )
    return unique_rows, report
