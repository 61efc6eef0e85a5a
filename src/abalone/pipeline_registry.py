"""The project's pipelines, by name."""

from kedro.framework.project import find_pipelines
from kedro.pipeline import Pipeline

MAIN = ("ingestion", "feature_engineering", "training", "evaluation")
"""From the landing zone to a gated model, in order; what `kedro run` does."""


def register_pipelines() -> dict[str, Pipeline]:
    """Find every pipeline of `abalone.pipelines`.

    Returns:
        The pipelines by name; `__default__` goes from the landing zone to the evaluated model.
    """
    # Kedro asks for some of them only, and finds no more, when the command line names them.
    pipelines: dict[str, Pipeline] = find_pipelines(raise_errors=True)
    if set(MAIN) <= set(pipelines):
        pipelines["__default__"] = sum((pipelines[name] for name in MAIN), Pipeline([]))
    return pipelines
