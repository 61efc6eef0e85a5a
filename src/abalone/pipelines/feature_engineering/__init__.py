"""Measurements to train and test tables."""

from abalone.pipelines.feature_engineering.pipeline import create_pipeline

__all__ = ["create_pipeline"]
