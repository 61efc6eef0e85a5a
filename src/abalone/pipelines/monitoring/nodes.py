"""Nodes of the monitoring pipeline."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from abalone.captures import Files, Window, captured_time, files_of_endpoint, match_labels, read_captures, read_labels
from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact
from abalone.pipelines.monitoring.decision import RETRAIN, breaks_promise, decide
from abalone.pipelines.monitoring.drift import detect_drift
from abalone.pipelines.monitoring.health import examine_health
from abalone.pipelines.monitoring.performance import measure_performance
from abalone.pipelines.monitoring.report import render_report
from abalone.pipelines.monitoring.site import detect_new_site
from abalone.pipelines.monitoring.window import window_of
from abalone.schema import RINGS

logger = logging.getLogger(__name__)

_VERSION_FORMAT = "%Y-%m-%dT%H.%M.%S.%fZ"
"""Kedro's, of the time at which a run began."""

_ENDPOINT = "monitoring.endpoint"
_EVENT = ["endpoint", "event_id"]


def read_served_rows(
    captures: Files, champion: Artifact | None, endpoint: str | None, parameters: Mapping[str, Any]
) -> tuple[pd.DataFrame, dict[str, int], Window, Window]:
    """Read what was predicted in the window, by the champion and by other versions, whose rows are counted.

    Args:
        captures: Files of captures and labels.
        champion: The model in service.
        endpoint: Whose captures; None: everyone's.
        parameters: Those of `window_of`.

    Returns:
        The rows as in `captures.served_rows.COLUMNS`, the counts of `read_captures` with `foreign_version_rows`,
        the window, and the time of which there are captures.

    Raises:
        AbaloneError: There is no model in service, or nothing has been captured.
    """
    model = in_service(champion)
    files = files_of_endpoint(captures, endpoint, _ENDPOINT)
    captured = captured_time(files)
    window = window_of(parameters, captured)
    rows, counts = read_captures(files, window)
    foreign = len(rows) - len(predicted_by(model, rows))
    logger.info("predictions read: %d, from files: %d", counts["rows"], counts["files"])
    return rows, {**counts, "foreign_version_rows": foreign}, window, captured


def in_service(champion: Artifact | None) -> Artifact:
    """Return the champion.

    Raises:
        AbaloneError: There is none.
    """
    if champion is None:
        raise AbaloneError("no model is in service, so there is nothing to monitor: train one first (make run)")
    return champion


def read_labelled_rows(
    captures: Files, champion: Artifact, window: Window, endpoint: str | None, parameters: Mapping[str, Any]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Read what the champion predicted of animals whose rings have been counted since.

    Args:
        captures: Files of captures and labels.
        champion: The model in service.
        window: The window; as counting takes weeks, rows from before it are looked at, too.
        endpoint: Whose captures; None: everyone's.
        parameters: `label_hours`: how far back from its end; None: from the very first.

    Returns:
        The rows as in `captures.served_rows.COLUMNS`, with `rings`; and the counts of `read_labels` with
        `labelled_rows`, `unmatched_labels`, which are about no row that the champion predicted in that time, and
        `lost_labels`, those of them which are about no row of any model.
    """
    files, hours = files_of_endpoint(captures, endpoint, _ENDPOINT), parameters["label_hours"]
    longer = window.reaching_back(hours)
    labels, counts = read_labels(files, longer)
    # Those told in this time may be of predictions from before it, as long ago again, or from after it: not lost.
    surrounding = window.reaching_back(hours and 2 * hours)._replace(end=None)
    rows, _ = read_captures(files if len(labels) else [], surrounding, wanted=set(labels["event_id"]))
    matched = match_labels(rows, labels).dropna(subset=RINGS.name)
    labelled = predicted_by(champion, matched[matched["time"].map(longer.holds).astype(bool)])
    return labelled, {
        **counts,
        "labelled_rows": len(labelled),
        "unmatched_labels": len(labels) - len(labelled),
        "lost_labels": len(labels) - len(matched),
    }


def predicted_by(champion: Artifact, rows: pd.DataFrame) -> pd.DataFrame:
    """Choose the champion's rows, as the predictions of others are not its to answer for.

    Args:
        champion: The model in service.
        rows: As in `captures.served_rows.COLUMNS`. Where no version is told, those no older than the champion are its.
    """
    trained = pd.to_datetime(champion.version, format=_VERSION_FORMAT, utc=True, errors="coerce")
    may_be_its = (rows["model_version"] == "") & ~(rows["time"] < trained)
    return rows[may_be_its | (rows["model_version"] == champion.version)].reset_index(drop=True)


def report_window(
    rows: pd.DataFrame,
    labelled: pd.DataFrame,
    window: Window,
    champion: Artifact,
    *,
    captured: Window,
    capture_counts: Mapping[str, int],
    label_counts: Mapping[str, int],
    parameters: Mapping[str, Any],
) -> dict[str, Any]:
    """Hold the rows of the window against the model and its promise, and decide.

    Args:
        rows: Of the window, whoever predicted them.
        labelled: Of `read_labelled_rows`.
        window: The window.
        champion: The model in service.
        captured: The time of which there are captures.
        capture_counts: Of `read_served_rows`.
        label_counts: Of `read_labelled_rows`.
        parameters: Those of the pipeline.

    Returns:
        The monitoring report: `generated`, `endpoint` (None: all), `window`, `model`, `counts`, `drift`, `performance`,
        `window_performance`, `site`, `health`, `decision` and `reasons`; JSON values.
    """
    now = datetime.now(UTC)
    own = predicted_by(champion, rows)
    counts = {**capture_counts, **label_counts}
    end, labels_from = window.end, window.reaching_back(parameters["window"]["label_hours"]).to_json()["from"]
    is_latest = parameters["window"]["until"] is None
    found = {
        "endpoint": parameters["endpoint"],
        "window": {**window.to_json(), "labels_from": labels_from, "rows": len(own), "is_latest": is_latest},
        "model": {"version": champion.version, "digest": champion.digest},
        "counts": counts,
        **examine(own, rows, labelled, champion.metadata, parameters),
        "health": examine_health(own, counts, now if is_latest else end, captured, parameters["health"]),
    }
    decision, reasons = decide(found, parameters["decision"]["minimum_labels"])
    logger.info("decision: %s", decision)
    return {"generated": now.isoformat(timespec="seconds"), **found, "decision": decision, "reasons": reasons}


def examine(
    rows: pd.DataFrame,
    measured: pd.DataFrame,
    labelled: pd.DataFrame,
    metadata: Mapping[str, Any],
    parameters: Mapping[str, Any],
) -> dict[str, Any]:
    """Examine drift, performance and site.

    Args:
        rows: Of the window, predicted by the model in service.
        measured: Of the window, whoever predicted them.
        labelled: Those whose rings have been counted.
        metadata: Of the artifact in service.
        parameters: Those of the pipeline.

    Returns:
        `drift`, `site`, `performance`, and `window_performance`, on the labelled rows of the window alone; each of
        these two is None without labels enough.
    """
    reference = metadata["reference"]
    drift = detect_drift(rows, measured, reference, parameters["drift"])

    def performance_on(animals: pd.DataFrame) -> dict[str, Any] | None:
        if len(animals) < parameters["decision"]["minimum_labels"]:
            return None
        return measure_performance(animals, reference, metadata, parameters["performance"])

    performance = performance_on(labelled)
    return {
        "drift": drift,
        "performance": performance,
        "window_performance": performance_on(labelled.merge(rows[_EVENT].drop_duplicates())),
        "site": detect_new_site(drift, performance, reference),
    }


def render_window(report: Mapping[str, Any], rows: pd.DataFrame, champion: Artifact, history: pd.DataFrame) -> str:
    """Render the report for people, as HTML; of the history, the windows of the same endpoint."""
    is_its = history["endpoint"].fillna("") == (report["endpoint"] or "")
    return render_report(report, predicted_by(champion, rows), champion.metadata["reference"], history[is_its])


def request_retraining(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the reason to retrain, one of those that the function which launches it knows.

    Empty without one.
    """
    if report["decision"] != RETRAIN:
        return {}
    by_labels = breaks_promise(report["performance"])
    return {"reason": "performance" if by_labels else "drift", "detail": "; ".join(report["reasons"])}
