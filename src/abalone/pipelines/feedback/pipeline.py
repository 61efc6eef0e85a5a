"""Wiring of the feedback pipeline."""

from kedro.pipeline import Node, Pipeline

from abalone.pipelines.feedback.nodes import land_labelled_rows


def create_pipeline(**_: object) -> Pipeline:
    """Create the pipeline from captures, labels and the history of monitoring to landing batches."""
    return Pipeline(
        [
            Node(
                func=land_labelled_rows,
                inputs=["captures", "landed_batches", "monitoring_history", "params:feedback"],
                outputs=["feedback_batches", "feedback_report"],
                name="land_labelled_rows_node",
            ),
        ],
        namespace="feedback",
        prefix_datasets_with_namespace=False,
    )
