"""The families of estimators that a candidate can be made of.

Each is a scikit-learn pipeline that takes raw measurements, so that its features are part of what is fitted.
"""

from collections.abc import Callable
from typing import Any

from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline

from abalone.model.features import FEATURE_NAMES
from abalone.model.kernel import LandmarkKernelRegressor
from abalone.model.transformer import MeasurementFeatures

MONOTONE = tuple(1 if "shell" in name else 0 for name in FEATURE_NAMES)
"""At equal other features a heavier shell never means a younger animal: the shell grows all its life."""


def pipeline(model: Any, *, raw: bool = False) -> Pipeline:
    """Put the features before a scikit-learn regressor; `raw` for the measurements as they are."""
    return Pipeline([("features", MeasurementFeatures(raw=raw)), ("model", model)])


def boosting(**hyperparameters: Any) -> HistGradientBoostingRegressor:
    """Gradient boosting with a log link; without early stopping, which would depend on the number of rows."""
    return HistGradientBoostingRegressor(early_stopping=False, **hyperparameters)


FAMILIES: dict[str, Callable[[], Pipeline]] = {
    "mean": lambda: pipeline(DummyRegressor(), raw=True),
    "linear": lambda: pipeline(LinearRegression(), raw=True),
    "poisson_boosting": lambda: pipeline(boosting(loss="poisson", monotonic_cst=list(MONOTONE))),
    "kernel": lambda: pipeline(LandmarkKernelRegressor()),
}
