"""Nodes of the monitoring pipeline."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact
from abalone.pipelines.monitoring.captures import read_captures
from abalone.pipelines.monitoring.decision import RETRAIN, decide
from abalone.pipelines.monitoring.drift import detect_drift
from abalone.pipelines.monitoring.health import examine_health
from abalone.pipelines.monitoring.labels import match_labels, read_labels
from abalone.pipelines.monitoring.layout import Files, capture_files, hours
from abalone.pipelines.monitoring.performance import measure_performance
from abalone.pipelines.monitoring.report import render_report
from abalone.pipelines.monitoring.site import detect_new_site
from abalone.pipelines.monitoring.window import Window, window_of
from abalone.schema import RINGS

logger = logging.getLogger(__name__)

_VERSION_FORMAT = "%Y-%m-%dT%H.%M.%S.%fZ"
"""Kedro's, of the time at which a run began."""


def read_served_rows(
    captures: Files, champion: Artifact | None, parameters: Mapping[str, Any]
) -> tuple[pd.DataFrame, dict[str, int], Window]:
    """Read what the champion predicted in the window.

    Rows of other versions are counted and left out: their predictions are not the champion's to answer for.

    Args:
        captures: Files of captures and labels.
        champion: The model in service.
        parameters: Those of `window_of`.

    Returns:
        The rows as in `served_rows.COLUMNS`, the counts of `read_captures` with `foreign_version_rows`, and the window.

    Raises:
        AbaloneError: There is no model in service, or nothing has been captured.
    """
    model = in_service(champion)
    files = capture_files(captures)
    if all(file.holds_labels for file in files):
        raise AbaloneError(
            "nothing has been captured, 01_raw/captures of the data folder has no predictions: start the service with "
            "`make serve`, or name that folder in ABALONE_SERVING_CAPTURE, and ask it for predictions"
        )
    window = window_of(parameters, hours(files))
    rows, counts = read_captures(files, window)
    own = _predicted_by(model, rows)
    logger.info("read %d predictions from %d files", counts["rows"], counts["files"])
    return own, {**counts, "foreign_version_rows": len(rows) - len(own)}, window


def in_service(champion: Artifact | None) -> Artifact:
    """Return the champion.

    Raises:
        AbaloneError: There is none.
    """
    if champion is None:
        raise AbaloneError("no model is in service, so there is nothing to monitor: train one first (make run)")
    return champion


def read_labelled_rows(
    captures: Files, champion: Artifact, window: Window, parameters: Mapping[str, Any]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Read what the champion predicted of animals whose rings have been counted since.

    Args:
        captures: Files of captures and labels.
        champion: The model in service.
        window: The window; as counting takes weeks, rows from before it are looked at, too.
        parameters: `label_hours`: how far back from its end; None: from the very first.

    Returns:
        The rows as in `served_rows.COLUMNS`, with `rings`; and the counts of `read_labels` with `labelled_rows`, and
        `unmatched_labels`, which are about no row that the champion predicted in that time.
    """
    files, longer = capture_files(captures), window.reaching_back(parameters["label_hours"])
    labels, counts = read_labels(files, longer)
    rows, _ = read_captures(files, longer, wanted=set(labels["event_id"]))
    labelled = match_labels(_predicted_by(champion, rows), labels).dropna(subset=RINGS.name).reset_index(drop=True)
    matched = len(labelled)
    return labelled, {**counts, "labelled_rows": matched, "unmatched_labels": len(labels) - matched}


def _predicted_by(champion: Artifact, rows: pd.DataFrame) -> pd.DataFrame:
    """Choose the champion's rows; where no version is told, those that are no older than it is."""
    trained = pd.to_datetime(champion.version, format=_VERSION_FORMAT, utc=True, errors="coerce")
    may_be_its = (rows["model_version"] == "") & ~(rows["time"] < trained)
    return rows[may_be_its | (rows["model_version"] == champion.version)].reset_index(drop=True)


def report_window(
    rows: pd.DataFrame,
    labelled: pd.DataFrame,
    window: Window,
    champion: Artifact,
    *,
    capture_counts: Mapping[str, int],
    label_counts: Mapping[str, int],
    parameters: Mapping[str, Any],
) -> dict[str, Any]:
    """Hold the rows of the window against the model and its promise, and decide.

    Args:
        rows: Of the window.
        labelled: Of `read_labelled_rows`.
        window: The window.
        champion: The model that predicted them.
        capture_counts: Of `read_served_rows`.
        label_counts: Of `read_labelled_rows`.
        parameters: Those of the pipeline.

    Returns:
        The monitoring report: `generated`, `window`, `model`, `counts`, `drift`, `performance`, `site`, `health`,
        `decision` and `reasons`; JSON values.
    """
    now = datetime.now(UTC)
    is_latest = parameters["window"]["until"] is None
    found = {
        "window": {**window.to_json(), "rows": len(rows), "is_latest": is_latest},
        "model": {"version": champion.version, "digest": champion.digest},
        "counts": {**capture_counts, **label_counts},
        **examine(rows, labelled, champion.metadata, parameters),
        "health": examine_health(rows, capture_counts, now if is_latest else window.end, parameters["health"]),
    }
    decision, reasons = decide(found, parameters["decision"]["minimum_labels"])
    logger.info("decision: %s (%s)", decision, "; ".join(reasons))
    return {"generated": now.isoformat(timespec="seconds"), **found, "decision": decision, "reasons": reasons}


def examine(
    rows: pd.DataFrame, labelled: pd.DataFrame, metadata: Mapping[str, Any], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Examine drift, performance and site.

    Args:
        rows: Of the window.
        labelled: Those whose rings have been counted.
        metadata: Of the artifact in service.
        parameters: Those of the pipeline.

    Returns:
        `drift`, `site`, and `performance`, which is None without labels enough.
    """
    reference = metadata["reference"]
    drift = detect_drift(rows, reference, parameters["drift"])
    has_labels = len(labelled) >= parameters["decision"]["minimum_labels"]
    performance = measure_performance(labelled, reference, metadata, parameters["performance"]) if has_labels else None
    return {
        "drift": drift,
        "performance": performance,
        "site": detect_new_site(drift, performance, reference),
    }


def render_window(report: Mapping[str, Any], rows: pd.DataFrame, champion: Artifact, history: pd.DataFrame) -> str:
    """Render the report for people, as HTML."""
    return render_report(report, rows, champion.metadata["reference"], history)


def request_retraining(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the reason to retrain, one of those that the function which launches it knows.

    Empty without one, and for a window of the past, which says nothing of what serves now.
    """
    if report["decision"] != RETRAIN or not report["window"]["is_latest"]:
        return {}
    performance = report["performance"]
    by_labels = performance is not None and (performance["worse"] or performance["coverage_low"])
    return {"reason": "performance" if by_labels else "drift", "detail": "; ".join(report["reasons"])}
