"""Wiring of the training pipeline."""

from kedro.pipeline import Node, Pipeline

from abalone.pipelines.training.nodes import (
    cross_validate_candidates,
    export_model,
    fit_model,
    fit_model_intervals,
    score,
    select_candidate,
    tune_candidates,
)


def create_pipeline(**kwargs: object) -> Pipeline:  # noqa: ARG001
    """Cross-validate the candidates, refit the best, calibrate its intervals, and make the artifact."""
    return Pipeline(
        [
            Node(
                func=tune_candidates,
                inputs=["params:training.candidates", "tuned_hyperparameters"],
                outputs="candidates",
                name="tune_candidates_node",
            ),
            Node(
                func=cross_validate_candidates,
                inputs=["train_table", "candidates", "params:training"],
                outputs="out_of_fold",
                name="cross_validate_candidates_node",
            ),
            Node(
                func=score,
                inputs=["train_table", "out_of_fold"],
                outputs="cross_validation",
                name="score_candidates_node",
            ),
            Node(
                func=select_candidate,
                inputs=["cross_validation", "params:training.select_by"],
                outputs="selected_candidate",
                name="select_candidate_node",
            ),
            Node(
                func=fit_model,
                inputs=["train_table", "candidates", "selected_candidate", "params:training"],
                outputs="point_model",
                name="fit_model_node",
            ),
            Node(
                func=fit_model_intervals,
                inputs=["train_table", "point_model", "out_of_fold", "selected_candidate", "params:training"],
                outputs="interval_model",
                name="fit_intervals_node",
            ),
            Node(
                func=export_model,
                inputs={
                    "train_table": "train_table",
                    "interval_model": "interval_model",
                    "out_of_fold": "out_of_fold",
                    "cross_validation": "cross_validation",
                    "candidates": "candidates",
                    "selected_candidate": "selected_candidate",
                    "parameters": "params:training",
                    "test_fraction": "params:feature_engineering.test_fraction",
                    "split_random_state": "params:feature_engineering.random_state",
                },
                outputs="model",
                name="export_artifact_node",
            ),
        ],
        namespace="training",
        prefix_datasets_with_namespace=False,
    )
