"""Artifacts, and what is asked of a service."""

import pytest

from abalone.model.artifact import Artifact
from support import training


@pytest.fixture(scope="session")
def other_artifact() -> Artifact:
    """A model that predicts otherwise than the one of `artifact_directory`."""
    table, parameters = training.survey_table(), training.training_parameters()
    return training.export(training.fit("linear", table, parameters), table, parameters)


@pytest.fixture(scope="session")
def artifact(trained: tuple[object, Artifact]) -> Artifact:
    """The model of `artifact_directory`."""
    return trained[1]
