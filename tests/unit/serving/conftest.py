"""A model, ready to serve."""

import pytest

from abalone.model.artifact import Artifact
from abalone.model.intervals import IntervalRegressor
from abalone.serving.prediction import ServedModel, served_model


@pytest.fixture(scope="session")
def served(trained: tuple[IntervalRegressor, Artifact]) -> ServedModel:
    return served_model(trained[1])
