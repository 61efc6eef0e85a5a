"""Wiring of the monitoring pipeline."""

from kedro.pipeline import Node, Pipeline

from abalone.pipelines.monitoring.history import add_to_history
from abalone.pipelines.monitoring.latest import of_latest, of_past
from abalone.pipelines.monitoring.metrics import window_metrics
from abalone.pipelines.monitoring.nodes import (
    read_labelled_rows,
    read_served_rows,
    render_window,
    report_window,
    request_retraining,
)


def create_pipeline(**_: object) -> Pipeline:
    """Create the pipeline from captures and the champion to a report, its history, metrics and a request to retrain."""
    return Pipeline(
        [
            Node(
                func=read_served_rows,
                inputs=["captures", "champion", "params:monitoring.endpoint", "params:monitoring.window"],
                outputs=["served_rows", "capture_counts", "window", "captured_time"],
                name="read_served_rows_node",
            ),
            Node(
                func=read_labelled_rows,
                inputs=["captures", "champion", "window", "params:monitoring.endpoint", "params:monitoring.window"],
                outputs=["labelled_rows", "label_counts"],
                name="read_labelled_rows_node",
            ),
            Node(
                func=report_window,
                inputs={
                    "rows": "served_rows",
                    "labelled": "labelled_rows",
                    "window": "window",
                    "champion": "champion",
                    "captured": "captured_time",
                    "capture_counts": "capture_counts",
                    "label_counts": "label_counts",
                    "parameters": "params:monitoring",
                },
                outputs="monitoring_report",
                name="report_window_node",
            ),
            Node(
                func=add_to_history,
                inputs=["recorded_history", "monitoring_report"],
                outputs="monitoring_history",
                name="add_to_history_node",
            ),
            Node(
                func=of_latest(render_window),
                inputs=["monitoring_report", "served_rows", "champion", "monitoring_history"],
                outputs="monitoring_html",
                name="render_window_node",
            ),
            Node(
                func=of_past(render_window),
                inputs=["monitoring_report", "served_rows", "champion", "monitoring_history"],
                outputs="past_window_html",
                name="render_past_window_node",
            ),
            Node(
                func=of_latest(window_metrics),
                inputs="monitoring_report",
                outputs="monitoring_metrics",
                name="window_metrics_node",
            ),
            Node(
                func=of_latest(request_retraining),
                inputs="monitoring_report",
                outputs="retraining_request",
                name="request_retraining_node",
            ),
        ],
        namespace="monitoring",
        prefix_datasets_with_namespace=False,
    )
