"""Nodes of the feedback pipeline."""

import logging

import pandas as pd

from abalone.errors import AbaloneError
from abalone.pipelines.monitoring.captures import read_captures
from abalone.pipelines.monitoring.labels import match_labels, read_labels
from abalone.pipelines.monitoring.layout import Files, capture_files
from abalone.pipelines.monitoring.window import Window
from abalone.schema import COLUMN_NAMES, RINGS

logger = logging.getLogger(__name__)


def land_labelled_rows(captures: Files, landed_batches: Files, endpoint: str | None) -> dict[str, bytes]:
    """Make landing batches of the served rows whose true rings are known.

    A batch holds a day of an endpoint, whole: labels that come late write it again, with them in it. It is not
    examined here, because the ingestion examines every batch.

    Args:
        captures: Files of captures and labels.
        landed_batches: What reads a batch of the landing zone, by its name.
        endpoint: Whose; None: everyone's.

    Returns:
        CSV by name of the batch, `feedback_<endpoint>_<yyyy-mm-dd>`, by the UTC day of the request; the columns are
        `schema.COLUMN_NAMES`. The same captures give the same bytes, and a batch that has landed so is left out:
        written again, it would start the ETL and training for nothing.

    Raises:
        AbaloneError: The endpoint has no captures.
    """
    files = [file for file in capture_files(captures) if endpoint in {None, file.endpoint}]
    if not files:
        whose = "captures" if endpoint is None else f"captures of endpoint {endpoint}"
        raise AbaloneError(
            f"01_raw/captures of the data folder has no {whose}: check the folder and feedback.endpoint, or start the "
            "service with `make serve` and ask it for predictions"
        )
    everything = Window()
    labels, _ = read_labels(files, everything)
    rows, _ = read_captures(files, everything, wanted=set(labels["event_id"]))
    labelled = match_labels(rows, labels).dropna(subset=RINGS.name)
    logger.info("%d of %d labels belong to a captured prediction", len(labelled), len(labels))
    days = labelled.groupby(["endpoint", labelled["time"].dt.strftime("%Y-%m-%d")], observed=True)
    batches = {f"feedback_{name}_{day}": _to_csv(rows) for (name, day), rows in days}
    return {
        name: content
        for name, content in batches.items()
        if name not in landed_batches or landed_batches[name]() != content
    }


def _to_csv(rows: pd.DataFrame) -> bytes:
    table = rows[list(COLUMN_NAMES)].astype({RINGS.name: "int64"})
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")
