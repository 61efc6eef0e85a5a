"""A batch from its source on the web or on S3 into the landing zone."""

from abalone.pipelines.collection.pipeline import create_pipeline

__all__ = ["create_pipeline"]
