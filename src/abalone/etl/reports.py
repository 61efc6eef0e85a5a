"""What people and other programs read beside the tables, as the pipelines write it."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from abalone.etl.folder import DataFolder
from abalone.etl.measurements import Measurements
from abalone.etl.parsed import ParsedBatch, Part
from abalone.etl.quarantine import Quarantine
from abalone.etl.split import SIDES, Side
from abalone.pipelines.ingestion.report import report_of_counts
from abalone.schema import RINGS, SEX

INGESTION_REPORT = "08_reporting/ingestion_report.json"
QUARANTINE_REPORT = "08_reporting/quarantine.csv"
SPLIT_REPORT = "08_reporting/split_report.json"
HELD_OUT = "05_model_input/held_out.csv"
REPORTS = (INGESTION_REPORT, QUARANTINE_REPORT, SPLIT_REPORT, HELD_OUT)
"""Where people and other programs look for them; a run has them at the same paths in its own folder."""


def count_rows(parsed: Sequence[ParsedBatch], quarantine: Quarantine, measurements: Measurements) -> dict[str, Any]:
    """Make the report of the ingestion.

    Args:
        parsed: What became of the batches.
        quarantine: As written.
        measurements: As written.

    Returns:
        See `ingestion_report`.

    Raises:
        AbaloneError: A row is unaccounted for.
    """
    fates = {
        "accepted": measurements.accepted,
        "quarantined": quarantine.rows,
        "duplicates": measurements.duplicates,
    }
    return report_of_counts(
        {batch.name: batch.rows_in for batch in parsed},
        fates,
        {batch.name: batch.refusal for batch in parsed if batch.refusal},
        quarantine.reasons,
        measurements.flags,
    )


def strata_table(sides: Mapping[str, Side]) -> pd.DataFrame:
    """Tabulate the rows of the train and the test table by sex and rings, as `count_strata` does."""
    keys = sorted(set().union(*(side.strata for side in sides.values())))
    sexes, rings = zip(*keys, strict=True)
    counts = {name: [sides[name].strata[key] for key in keys] for name in SIDES}
    return pd.DataFrame({SEX.name: sexes, RINGS.name: rings, **counts})


def publish(folder: DataFolder, run: str, reports: Sequence[str] = REPORTS) -> None:
    """Put the reports of a run where people look for them.

    Args:
        folder: The data folder.
        run: Folder of the run in it.
        reports: Which ones.
    """
    for report in reports:
        folder.copy(f"{run}/{report}", report)


def write_json(folder: DataFolder, path: str, report: Mapping[str, Any]) -> None:
    """Write a report."""
    folder.write(path, json.dumps(report, indent=2).encode())


def write_csv(
    folder: DataFolder, path: str, parts: Sequence[Part], prepare: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    """Write parts of a table as one CSV file, one part at a time in memory.

    Args:
        folder: The data folder.
        path: Of the file.
        parts: At least one, in their order.
        prepare: Makes what is written of the rows of a part.
    """
    with folder.open_for_writing(path) as file:
        for number, part in enumerate(parts):
            rows = prepare(folder.read_table(part.file).to_pandas())
            file.write(rows.to_csv(index=False, header=number == 0).encode())
