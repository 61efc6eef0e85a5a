"""The evaluation pipeline."""

from kedro.pipeline import Node, Pipeline

from abalone.pipelines.evaluation.figures.predictions import (
    draw_predicted_vs_actual,
    draw_residuals_by_age_band,
)
from abalone.pipelines.evaluation.figures.protocols import draw_protocols
from abalone.pipelines.evaluation.model_card import render_markdown
from abalone.pipelines.evaluation.model_card_html import render_html
from abalone.pipelines.evaluation.nodes import (
    compare,
    decide_gate,
    interval_coverage_figure,
    partial_dependence_figure,
    permutation_importance_figure,
    predict_unseen,
    predict_with_baselines,
    promote,
    record_verdict,
)
from abalone.pipelines.evaluation.scores import score

FIGURES = (
    "predicted_vs_actual",
    "residuals_by_age_band",
    "interval_coverage",
    "permutation_importance",
    "partial_dependence",
    "protocols",
)
"""Names of the figures, in the order of their keyword arguments of `render_html`."""


def create_pipeline(**_: object) -> Pipeline:
    """Create the pipeline.

    Returns:
        Model, tables and cross-validation in; metrics, comparison, gate, champion, figures and model card out.
    """
    return Pipeline(
        [
            Node(func=predict_unseen, inputs=["model", "test_table"], outputs="test_predictions", name="predict_node"),
            Node(
                func=score,
                inputs=["test_predictions", "params:evaluation.age_bands", "params:evaluation.bootstrap"],
                outputs="metrics",
                name="score_node",
            ),
            Node(
                func=predict_with_baselines,
                inputs=[
                    "train_table",
                    "test_table",
                    "params:training.candidates",
                    "params:training.random_state",
                    "params:evaluation.baselines",
                ],
                outputs="baseline_predictions",
                name="predict_with_baselines_node",
            ),
            Node(
                func=compare,
                inputs={
                    "model": "model",
                    "metrics": "metrics",
                    "test_predictions": "test_predictions",
                    "baseline_predictions": "baseline_predictions",
                    "champion": "champion",
                    "test_table": "test_table",
                    "blocks": "params:training.cross_validation.blocks",
                    "parameters": "params:evaluation",
                },
                outputs="comparison",
                name="compare_node",
            ),
            Node(
                func=decide_gate,
                inputs=["model", "comparison", "params:evaluation.gate"],
                outputs="gate",
                name="decide_gate_node",
            ),
            Node(
                func=record_verdict,
                inputs=["model", "comparison", "gate"],
                outputs="verdict",
                name="record_verdict_node",
            ),
            Node(
                func=promote,
                inputs=["model", "champion", "gate"],
                outputs="champion_record",
                name="promote_node",
            ),
            Node(
                func=draw_predicted_vs_actual,
                inputs=["test_predictions", "params:evaluation.figures"],
                outputs="predicted_vs_actual_figure",
                name="draw_predicted_vs_actual_node",
                tags="figures",
            ),
            Node(
                func=draw_residuals_by_age_band,
                inputs=["test_predictions", "params:evaluation.age_bands"],
                outputs="residuals_by_age_band_figure",
                name="draw_residuals_by_age_band_node",
                tags="figures",
            ),
            Node(
                func=interval_coverage_figure,
                inputs=["model", "test_predictions", "params:evaluation.figures"],
                outputs="interval_coverage_figure",
                name="draw_interval_coverage_node",
                tags="figures",
            ),
            Node(
                func=permutation_importance_figure,
                inputs=["model", "test_table", "params:evaluation.explanations"],
                outputs="permutation_importance_figure",
                name="draw_permutation_importance_node",
                tags="figures",
            ),
            Node(
                func=partial_dependence_figure,
                inputs=["model", "test_table", "params:evaluation.explanations"],
                outputs="partial_dependence_figure",
                name="draw_partial_dependence_node",
                tags="figures",
            ),
            Node(
                func=draw_protocols,
                inputs="cross_validation",
                outputs="protocols_figure",
                name="draw_protocols_node",
                tags="figures",
            ),
            Node(
                func=render_markdown,
                inputs=["model", "comparison", "gate", "cross_validation", "ingestion_report"],
                outputs="model_card",
                name="write_model_card_node",
            ),
            Node(
                func=render_html,
                inputs={"markdown": "model_card", **{name: f"{name}_figure" for name in FIGURES}},
                outputs="model_card_html",
                name="write_model_card_html_node",
            ),
        ],
        namespace="evaluation",
        prefix_datasets_with_namespace=False,
    )
