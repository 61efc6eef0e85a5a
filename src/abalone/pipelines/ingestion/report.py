"""What became of every row, counted."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from abalone.errors import AbaloneError
from abalone.pipelines.ingestion.faults import SEPARATOR
from abalone.pipelines.ingestion.quarantine import WHOLE_BATCH, count_reasons, most_frequent_first


def ingestion_report(
    accepted: pd.DataFrame, duplicates: pd.DataFrame, quarantine: pd.DataFrame, rows_in: dict[str, int]
) -> dict[str, Any]:
    """Count rows by batch and fate, and prove that none is lost.

    Args:
        accepted: The accepted rows, with their batch and flags.
        duplicates: The rows dropped as repetitions, with their batch.
        quarantine: The quarantine.
        rows_in: Number of rows of each batch.

    Returns:
        rows_in, accepted, quarantined and duplicates, in all and under `batches` for each batch;
        `refused_batches` with their reason; rows by kind of `reasons`, and by `flags`.

    Raises:
        AbaloneError: In a batch, rows in differ from accepted + quarantined + duplicates.
    """
    refused = quarantine[quarantine["line"] == WHOLE_BATCH]
    return report_of_counts(
        rows_in,
        {
            "accepted": _by_name(accepted["batch"].value_counts()),
            "quarantined": _by_name(quarantine.groupby("batch")["rows"].sum()),
            "duplicates": _by_name(duplicates["batch"].value_counts()),
        },
        dict(zip(refused["batch"], refused["reasons"], strict=True)),
        count_reasons(quarantine),
        _by_name(accepted["flags"].value_counts()),
    )


def report_of_counts(
    rows_in: Mapping[str, int],
    fates: Mapping[str, Mapping[str, int]],
    refused_batches: Mapping[str, str],
    reasons: Mapping[str, int],
    flags: Mapping[str, int],
) -> dict[str, Any]:
    """Make the report of what has been counted, and prove that no row is lost.

    Args:
        rows_in: Number of rows of each batch.
        fates: Number of rows of each batch, by fate.
        refused_batches: Why batches are refused whole.
        reasons: Quarantined rows by kind of reason.
        flags: Accepted rows by their flags.

    Returns:
        See `ingestion_report`.

    Raises:
        AbaloneError: In a batch, rows in differ from accepted + quarantined + duplicates.
    """
    batches = {
        name: {"rows_in": rows, **{fate: counts.get(name, 0) for fate, counts in fates.items()}}
        for name, rows in rows_in.items()
    }
    for name, counts in batches.items():
        if counts["rows_in"] != sum(counts[fate] for fate in fates):
            raise AbaloneError(
                f"Rows of batch {name} are unaccounted for: {counts}; this is a fault of the ingestion, "
                "please report it with the batch."
            )
    by_flag: Counter[str] = Counter()
    for text, rows in flags.items():
        by_flag.update(dict.fromkeys(filter(None, text.split(SEPARATOR)), rows))
    return {
        **{key: sum(counts[key] for counts in batches.values()) for key in ("rows_in", *fates)},
        "batches": batches,
        "refused_batches": dict(refused_batches),
        "reasons": most_frequent_first(reasons),
        "flags": dict(sorted(by_flag.items())),
    }


def _by_name(counts: "pd.Series[int]") -> dict[str, int]:
    return {str(name): int(count) for name, count in counts.items()}
