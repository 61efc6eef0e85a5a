"""Landing batches to validated, de-duplicated measurements, with a quarantine for the rest."""

from abalone.pipelines.ingestion.pipeline import create_pipeline

__all__ = ["create_pipeline"]
