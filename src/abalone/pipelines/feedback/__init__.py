"""Feedback: captures and the true rings told later in, batches of the landing zone out."""

from abalone.pipelines.feedback.pipeline import create_pipeline

__all__ = ["create_pipeline"]
