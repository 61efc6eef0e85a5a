"""The committed model, fitted on the real measurements without the pipelines."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from abalone.model.artifact import Artifact
from abalone.model.candidates import build_estimator
from abalone.model.export import export_artifact
from abalone.model.intervals import IntervalRegressor, fit_intervals
from abalone.model.reference import reference_distributions
from abalone.model.threads import threads_for
from support.project import REPOSITORY

SURVEY = REPOSITORY / "data/01_raw/landing/uci_abalone.csv"

CROSS_VALIDATION = {
    protocol: {"rmse": rmse, "rmse_standard_error": 0.1, "mae": 1.5, "r2": 0.6, "rows": 4177, "folds": 5}
    for protocol, rmse in (("random", 2.0), ("new_site", 2.1))
}
"""Stands in for the metrics, which take longer than all the rest."""


def training_parameters() -> dict[str, Any]:
    parameters: dict[str, Any] = yaml.safe_load((REPOSITORY / "conf/base/parameters_training.yml").read_text())
    return parameters["training"]


def survey_table() -> pd.DataFrame:
    """All rows of the UCI data, impossible ones included, as the train table has them."""
    rows = pd.read_csv(SURVEY)
    return rows.assign(batch="uci_abalone", line=np.arange(len(rows)) + 2, flags="")


def fit(name: str, table: pd.DataFrame, parameters: dict[str, Any]) -> IntervalRegressor:
    """Fit a candidate, with intervals calibrated on the errors of its fit, which is all that an export needs."""
    rings = table["rings"].to_numpy(dtype=np.float64)
    with threads_for(len(table)):
        point = build_estimator(parameters["candidates"], name, 0).fit(table, rings)
        residuals = rings - point.predict(table)
        return fit_intervals(point, table, residuals, **parameters["intervals"], random_state=0)


def export(model: IntervalRegressor, table: pd.DataFrame, parameters: dict[str, Any]) -> Artifact:
    return export_artifact(
        model,
        table,
        name="average",
        parameters=parameters,
        hyperparameters={"kernel": parameters["candidates"]["kernel"]},
        cross_validation=CROSS_VALIDATION,
        reference=reference_distributions(table, dict.fromkeys(CROSS_VALIDATION, model.predict(table)), model),
        split={"test_fraction": 0.2, "random_state": 0},
    )


def write(artifact: Artifact, directory: Path) -> None:
    """Write an artifact as the pipelines do, its manifest last."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in artifact.files().items():
        (directory / name).write_bytes(content)
