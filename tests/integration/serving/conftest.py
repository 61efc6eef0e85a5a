"""Artifacts, and what is asked of a service."""

from collections.abc import Iterator, Sequence

import httpx
import pytest

from abalone.model.artifact import Artifact, Predictions
from abalone.schema import MEASUREMENT_NAMES
from support import training
from support.fuzzing import Predict, Row
from support.service import RunningService


@pytest.fixture(scope="session")
def other_artifact() -> Artifact:
    """A model that predicts otherwise than the one of `artifact_directory`."""
    table, parameters = training.survey_table(), training.training_parameters()
    return training.export(training.fit("linear", table, parameters), table, parameters)


@pytest.fixture(scope="session")
def artifact(trained: tuple[object, Artifact]) -> Artifact:
    """The model of `artifact_directory`."""
    return trained[1]


@pytest.fixture(scope="session")
def predict(artifact: Artifact) -> Predict:
    """What the model says without a service; a function, because Hypothesis prints all of an artifact."""

    def predicted(rows: Sequence[Row]) -> Predictions:
        return artifact.predict({name: [row[name] for row in rows] for name in MEASUREMENT_NAMES})

    return predicted


@pytest.fixture(scope="module")
def client(service: RunningService) -> Iterator[httpx.Client]:
    """A client of the module's own service."""
    with service.client() as client:
        yield client
