"""Metrics of a window, for CloudWatch."""

from collections.abc import Mapping
from typing import Any

from abalone.pipelines.monitoring.decision import RETRAIN

DRIFT_DETECTED, RMSE, INTERVAL_COVERAGE = "drift_detected", "rmse", "interval_coverage"
SERVED_ROWS, LABELLED_ROWS, RETRAINING_WANTED = "served_rows", "labelled_rows", "retraining_wanted"

METRICS = (DRIFT_DETECTED, RMSE, INTERVAL_COVERAGE, SERVED_ROWS, LABELLED_ROWS, RETRAINING_WANTED)
"""Names of all metrics, in the namespace `Abalone`; the alarms of the first three are Terraform's."""


def window_metrics(report: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics of a window by their names, those that could be measured.

    Args:
        report: A monitoring report.
    """
    performance = report["performance"]
    measured = (
        {RMSE: performance["rmse"]["value"], INTERVAL_COVERAGE: performance["coverage"]["value"]} if performance else {}
    )
    tested = {DRIFT_DETECTED: float(report["drift"]["detected"])} if report["drift"]["tests"] else {}
    return {
        **tested,
        **measured,
        SERVED_ROWS: float(report["window"]["rows"]),
        LABELLED_ROWS: float(report["counts"]["labelled_rows"]),
        RETRAINING_WANTED: float(report["decision"] == RETRAIN),
    }
