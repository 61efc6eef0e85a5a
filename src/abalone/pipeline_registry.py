"""The project's pipelines, by name."""

from kedro.pipeline import Pipeline

from abalone.pipelines import (
    collection,
    evaluation,
    feature_engineering,
    feedback,
    ingestion,
    monitoring,
    training,
    tuning,
)

MAIN = ("ingestion", "feature_engineering", "training", "evaluation")
"""From the landing zone to a gated model, in order; what `kedro run` does."""


def register_pipelines() -> dict[str, Pipeline]:
    """Create every pipeline.

    Returns:
        The pipelines by name; `__default__` goes from the landing zone to the evaluated model.
    """
    pipelines = {
        "collection": collection.create_pipeline(),
        "ingestion": ingestion.create_pipeline(),
        "feature_engineering": feature_engineering.create_pipeline(),
        "training": training.create_pipeline(),
        "evaluation": evaluation.create_pipeline(),
        "tuning": tuning.create_pipeline(),
        "monitoring": monitoring.create_pipeline(),
        "feedback": feedback.create_pipeline(),
    }
    return {**pipelines, "__default__": sum((pipelines[name] for name in MAIN), Pipeline([]))}
