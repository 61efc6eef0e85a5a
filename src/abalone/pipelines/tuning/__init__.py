"""Tuning: a search for better hyper-parameters that can be stopped and resumed."""

from abalone.pipelines.tuning.pipeline import create_pipeline

__all__ = ["create_pipeline"]
