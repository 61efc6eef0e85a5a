"""Wiring of the tuning pipeline."""

from kedro.pipeline import Node, Pipeline

from abalone.pipelines.tuning.nodes import search_hyperparameters


def create_pipeline(**kwargs: object) -> Pipeline:  # noqa: ARG001
    """Search the hyper-parameters of the candidates that have a search space."""
    return Pipeline(
        [
            Node(
                func=search_hyperparameters,
                inputs=["train_table", "params:training", "params:tuning"],
                outputs="tuned_hyperparameters",
                name="search_hyperparameters_node",
            ),
        ],
        namespace="tuning",
        prefix_datasets_with_namespace=False,
    )
