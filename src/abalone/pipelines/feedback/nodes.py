"""Nodes of the feedback pipeline."""

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from abalone.captures import Files, Window, files_of_endpoint, match_labels, read_captures, read_labels
from abalone.pipelines.feedback.alarms import raised_alarm
from abalone.schema import COLUMN_NAMES, RINGS

logger = logging.getLogger(__name__)

FATES = ("landed_rows", "unchanged_rows", "held_back_rows")
"""What becomes of a labelled row."""


def land_labelled_rows(
    captures: Files, landed_batches: Files, history: pd.DataFrame, parameters: Mapping[str, Any]
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Make landing batches of the served rows whose true rings are known.

    A batch holds a day of an endpoint, whole: labels that come late write it again, with them in it. It is not
    examined here, because the ingestion examines every batch. But what a stuck sensor has measured passes there: a day
    of which monitoring has raised an alarm is held back until a person has looked.

    Args:
        captures: Files of captures and labels.
        landed_batches: What reads a batch of the landing zone, by its name.
        history: Of the windows that were monitored, as `raised_alarm` reads it.
        parameters: `endpoint`, whose captures, or None: everyone's; and whether to `land_alarmed` days, too.

    Returns:
        CSV by name of the batch, `feedback_<endpoint>_<yyyy-mm-dd>`, by the UTC day of the request; the columns are
        `schema.COLUMN_NAMES`. The same captures give the same bytes, and a batch that has landed so is left out:
        written again, it would start the ETL and training for nothing. And a report: `labels`, and `labelled_rows`,
        which are those that belong to a prediction and the sum of `landed_rows`, `unchanged_rows` and `held_back_rows`;
        names of batches: `landed`, `held_back`, and `doubtful`, which landed before an alarm of their day.

    Raises:
        AbaloneError: The endpoint has no captures.
    """
    labelled, labels = _labelled_rows(captures, parameters["endpoint"])
    is_alarmed = raised_alarm(labelled, history) & (not parameters["land_alarmed"])
    batches: dict[str, bytes] = {}
    rows = Counter[str]()
    held_back, doubtful = [], []
    for (endpoint, day), of_day in labelled.groupby(["endpoint", labelled["time"].dt.strftime("%Y-%m-%d")]):
        name, content = f"feedback_{endpoint}_{day}", _to_csv(of_day)
        has_landed, has_alarm = name in landed_batches, is_alarmed[of_day.index].any()
        if has_landed and has_alarm:
            doubtful.append(name)
        if has_landed and landed_batches[name]() == content:
            rows["unchanged_rows"] += len(of_day)
        elif has_alarm:
            rows["held_back_rows"] += len(of_day)
            held_back.append(name)
        else:
            rows["landed_rows"] += len(of_day)
            batches[name] = content
    _tell_of_alarms(held_back, rows["held_back_rows"], doubtful)
    return batches, {
        "labels": labels,
        "labelled_rows": len(labelled),
        **{fate: rows[fate] for fate in FATES},
        "landed": list(batches),
        "held_back": held_back,
        "doubtful": doubtful,
    }


def _labelled_rows(captures: Files, endpoint: str | None) -> tuple[pd.DataFrame, int]:
    files = files_of_endpoint(captures, endpoint, "feedback.endpoint")
    everything = Window()
    labels, _ = read_labels(files, everything)
    rows, _ = read_captures(files if len(labels) else [], everything, wanted=set(labels["event_id"]))
    return match_labels(rows, labels).dropna(subset=RINGS.name), len(labels)


def _tell_of_alarms(held_back: list[str], rows: int, doubtful: list[str]) -> None:
    if held_back:
        logger.warning(
            "%d labelled rows are held back, as monitoring raised an alarm of their time: look at their captures, set "
            "the wrong ones aside and monitor those windows again, or land them all by `kedro run --pipelines feedback "
            "--params feedback.land_alarmed=true` (%s)",
            *(rows, ", ".join(held_back)),
        )
    if doubtful:
        logger.warning(
            "monitoring raised an alarm of the time of batches that have landed, and that are left as they are: look "
            "at them, and delete the wrong ones from 01_raw/landing (%s)",
            ", ".join(doubtful),
        )


def _to_csv(rows: pd.DataFrame) -> bytes:
    table = rows[list(COLUMN_NAMES)].astype({RINGS.name: "int64"})
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")
