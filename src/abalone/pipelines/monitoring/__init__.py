"""Monitoring: captures and the champion in; a report, a decision and, if need be, a request to retrain out."""

from abalone.pipelines.monitoring.pipeline import create_pipeline

__all__ = ["create_pipeline"]
