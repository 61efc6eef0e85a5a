"""The real measurements, and models fitted on them once."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from abalone.model.artifact import Artifact
from abalone.model.intervals import IntervalRegressor
from support import training

FitCandidate = Callable[[str], IntervalRegressor]


@pytest.fixture(scope="session")
def training_parameters() -> dict[str, Any]:
    return training.training_parameters()


@pytest.fixture(scope="session")
def table() -> pd.DataFrame:
    """All rows of the UCI data, impossible ones included, as the train table has them."""
    return training.survey_table()


@pytest.fixture(scope="session")
def rings(table: pd.DataFrame) -> np.ndarray:
    return table["rings"].to_numpy(dtype=np.float64)


@pytest.fixture(scope="session")
def fit_candidate(table: pd.DataFrame, training_parameters: dict[str, Any]) -> FitCandidate:
    return lambda name: training.fit(name, table, training_parameters)


@pytest.fixture(scope="session")
def model(fit_candidate: FitCandidate) -> IntervalRegressor:
    return fit_candidate("average")


@pytest.fixture(scope="session")
def artifact(model: IntervalRegressor, table: pd.DataFrame, training_parameters: dict[str, Any]) -> Artifact:
    return training.export(model, table, training_parameters)
