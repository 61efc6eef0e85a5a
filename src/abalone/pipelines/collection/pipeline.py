"""Wiring of the collection pipeline."""

from kedro.pipeline import Node, Pipeline

from abalone.pipelines.collection.nodes import fetch_batch


def create_pipeline(**kwargs: object) -> Pipeline:  # noqa: ARG001 (Kedro's interface)
    """Create the pipeline from a source to the landing zone."""
    return Pipeline(
        [
            Node(
                func=fetch_batch,
                inputs=[
                    "params:collection.url",
                    "params:collection.sha256",
                    "params:collection.batch",
                    "params:collection.timeout_seconds",
                    "params:collection.add_header",
                ],
                outputs="collected_batch",
                name="fetch_batch_node",
            ),
        ],
        namespace="collection",
        prefix_datasets_with_namespace=False,
    )
