"""The real measurements, and models fitted on them once."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from abalone.model.artifact import Artifact
from abalone.model.candidates import build_estimator
from abalone.model.export import export_artifact
from abalone.model.intervals import IntervalRegressor, fit_intervals
from abalone.model.reference import reference_distributions
from abalone.model.threads import threads_for
from support.project import REPOSITORY

FitCandidate = Callable[[str], IntervalRegressor]


@pytest.fixture(scope="session")
def training_parameters() -> dict[str, Any]:
    return yaml.safe_load((REPOSITORY / "conf/base/parameters_training.yml").read_text())["training"]


@pytest.fixture(scope="session")
def table() -> pd.DataFrame:
    """All rows of the UCI data, impossible ones included, as the train table has them."""
    rows = pd.read_csv(REPOSITORY / "data/01_raw/landing/uci_abalone.csv")
    return rows.assign(batch="uci_abalone", line=np.arange(len(rows)) + 2, flags="")


@pytest.fixture(scope="session")
def rings(table: pd.DataFrame) -> np.ndarray:
    return table["rings"].to_numpy(dtype=np.float64)


@pytest.fixture(scope="session")
def fit_candidate(table: pd.DataFrame, training_parameters: dict[str, Any]) -> FitCandidate:
    """Fits a candidate, with intervals calibrated on the errors of its fit, which is all that an export needs."""

    def fit(name: str) -> IntervalRegressor:
        rings = table["rings"].to_numpy(dtype=np.float64)
        with threads_for(len(table)):
            point = build_estimator(training_parameters["candidates"], name, 0).fit(table, rings)
            residuals = rings - point.predict(table)
            return fit_intervals(point, table, residuals, **training_parameters["intervals"], random_state=0)

    return fit


@pytest.fixture(scope="session")
def model(fit_candidate: FitCandidate) -> IntervalRegressor:
    return fit_candidate("average")


@pytest.fixture(scope="session")
def artifact(model: IntervalRegressor, table: pd.DataFrame, training_parameters: dict[str, Any]) -> Artifact:
    return export_artifact(
        model,
        table,
        name="average",
        parameters=training_parameters,
        hyperparameters={"kernel": training_parameters["candidates"]["kernel"]},
        cross_validation={"random": {"rmse": 2.0}},
        reference=reference_distributions(table, model.predict(table)),
        split={"test_fraction": 0.2, "random_state": 0},
    )
