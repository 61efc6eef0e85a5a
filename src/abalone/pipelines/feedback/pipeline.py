"""Wiring of the feedback pipeline."""

from kedro.pipeline import Node, Pipeline

from abalone.pipelines.feedback.nodes import land_labelled_rows


def create_pipeline(**_: object) -> Pipeline:
    """Create the pipeline from captures and labels to landing batches."""
    return Pipeline(
        [
            Node(
                func=land_labelled_rows,
                inputs=["captures", "landed_batches", "params:feedback.endpoint"],
                outputs="feedback_batches",
                name="land_labelled_rows_node",
            ),
        ],
        namespace="feedback",
        prefix_datasets_with_namespace=False,
    )
