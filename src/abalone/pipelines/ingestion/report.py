"""What became of every row, counted."""

from collections import Counter
from typing import Any

import pandas as pd

from abalone.errors import AbaloneError
from abalone.pipelines.ingestion.faults import SEPARATOR
from abalone.pipelines.ingestion.quarantine import WHOLE_BATCH, count_reasons


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
    fates = {
        "accepted": accepted["batch"].value_counts(),
        "quarantined": quarantine.groupby("batch")["rows"].sum(),
        "duplicates": duplicates["batch"].value_counts(),
    }
    batches = {
        name: {"rows_in": rows, **{fate: int(counts.get(name, 0)) for fate, counts in fates.items()}}
        for name, rows in rows_in.items()
    }
    for name, counts in batches.items():
        if counts["rows_in"] != counts["accepted"] + counts["quarantined"] + counts["duplicates"]:
            raise AbaloneError(
                f"Rows of batch {name} are unaccounted for: {counts}; this is a fault of the ingestion, "
                "please report it with the batch."
            )
    refused = quarantine[quarantine["line"] == WHOLE_BATCH]
    flags = Counter(flag for text in accepted["flags"][accepted["flags"] != ""] for flag in text.split(SEPARATOR))
    return {
        **{key: sum(counts[key] for counts in batches.values()) for key in ("rows_in", *fates)},
        "batches": batches,
        "refused_batches": dict(zip(refused["batch"], refused["reasons"], strict=True)),
        "reasons": count_reasons(quarantine),
        "flags": dict(sorted(flags.items())),
    }
