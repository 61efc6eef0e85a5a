"""Training: from the train table to the model artifact."""

from abalone.pipelines.training.pipeline import create_pipeline

__all__ = ["create_pipeline"]
