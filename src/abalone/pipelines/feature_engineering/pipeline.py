"""Wiring of the feature engineering pipeline."""

from kedro.pipeline import Node, Pipeline

from abalone.pipelines.feature_engineering.nodes import check_stratification, hold_out, split_measurements


def create_pipeline(**kwargs: object) -> Pipeline:  # noqa: ARG001 (Kedro's interface)
    """Create the pipeline from measurements to train and test tables."""
    return Pipeline(
        [
            Node(
                func=split_measurements,
                inputs=[
                    "measurements",
                    "params:feature_engineering.test_fraction",
                    "params:feature_engineering.random_state",
                    "params:feature_engineering.minimum_rows",
                ],
                outputs=["train_table", "test_table"],
                name="split_measurements_node",
            ),
            Node(
                func=hold_out,
                inputs=[
                    "test_table",
                    "params:feature_engineering.held_out_rows",
                    "params:feature_engineering.random_state",
                ],
                outputs="held_out",
                name="hold_out_node",
            ),
            Node(
                func=check_stratification,
                inputs=[
                    "train_table",
                    "test_table",
                    "params:feature_engineering.test_fraction",
                    "params:feature_engineering.ring_bands",
                    "params:feature_engineering.maximum_standard_errors",
                ],
                outputs="split_report",
                name="check_stratification_node",
            ),
        ],
        namespace="feature_engineering",
        prefix_datasets_with_namespace=False,
    )
