"""Evaluation: the model and the test table in; metrics, figures, the gate's decision and the model card out."""

from abalone.pipelines.evaluation.pipeline import create_pipeline

__all__ = ["create_pipeline"]
