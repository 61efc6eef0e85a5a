"""Prediction intervals: cross-fitted, normalised, asymmetric conformal prediction.

The errors of out-of-fold predictions, each divided by the error that a second model expects there, are exchangeable
with those of new animals, so that their quantiles cover new ones at the nominal level (Lei et al., 2018, section 5.2).
Separate tails, because old animals are underestimated more than young ones are overestimated.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import Pipeline

from abalone.errors import AbaloneError
from abalone.model.candidates import fitting
from abalone.model.estimators import boosting, pipeline
from abalone.model.relative_error import relative_errors

Floats = NDArray[np.float64]

WHERE = "parameters training.intervals.hyperparameters"

SMALLEST_ERROR = 0.1
"""Absolute errors are raised to this before the scale is learnt, in rings: the gamma loss needs positive ones."""


@dataclass(frozen=True)
class Bounds:
    """Lower and upper bounds of intervals, each of shape (rows,), in rings."""

    lower: Floats
    upper: Floats


class IntervalRegressor(RegressorMixin, BaseEstimator):
    """A fitted point model with its intervals: [rings + lower_quantile * scale, rings + upper_quantile * scale].

    Args:
        point: Fitted estimator of the rings.
        scale: Fitted estimator of the absolute error of `point`, in rings.
        lower_quantile: Quantile of the scaled errors at the lower bound, at most 0.
        upper_quantile: Quantile of the scaled errors at the upper bound, at least 0.
        level: Nominal coverage.
        errors: What `describe_errors` says of the training rows.
    """

    def __init__(
        self,
        point: Any,
        scale: Any,
        lower_quantile: float,
        upper_quantile: float,
        level: float,
        *,
        errors: dict[str, float],
    ) -> None:
        self.point = point
        self.scale = scale
        self.lower_quantile = lower_quantile
        self.upper_quantile = upper_quantile
        self.level = level
        self.errors = errors

    def predict(self, X: pd.DataFrame) -> Floats:
        """Predict rings from raw measurements; the result has shape (rows,)."""
        return np.asarray(self.point.predict(X), dtype=np.float64)

    def predict_interval(self, X: pd.DataFrame) -> Bounds:
        """Predict the bounds, which always contain the prediction, from raw measurements."""
        rings, scale = self.predict(X), self.scale.predict(X)
        return Bounds(rings + self.lower_quantile * scale, rings + self.upper_quantile * scale)


def conformal_quantiles(scores: ArrayLike, level: float) -> tuple[float, float]:
    """Return the two quantiles of signed scores between which a new score falls with probability `level` or more.

    With n scores, the lower one is the k-th smallest and the upper one the k-th largest, k = floor((n + 1) (1 -
    level) / 2) (Vovk et al., 2005). They are moved to 0 if need be, so that the point is inside.

    Raises:
        AbaloneError: If there are too few scores for the level.
    """
    ordered = np.sort(np.asarray(scores, dtype=np.float64))
    rank = int((len(ordered) + 1) * (1.0 - level) / 2.0 + 1e-9)
    if rank < 1:
        raise AbaloneError(
            f"{len(ordered)} rows are too few for intervals of level {level}: "
            "lower training.intervals.level, or add measurements"
        )
    return min(float(ordered[rank - 1]), 0.0), max(float(ordered[-rank]), 0.0)


def fit_intervals(
    point: BaseEstimator,
    table: pd.DataFrame,
    residuals: Floats,
    *,
    level: float,
    folds: int,
    hyperparameters: dict[str, Any],
    random_state: int,
) -> IntervalRegressor:
    """Learn how far off the point model is where, and how many times that the bounds have to be away.

    Args:
        point: Estimator that is fitted on the whole table.
        table: Raw measurements.
        residuals: Actual minus out-of-fold predicted rings, shape (rows,).
        level: Nominal coverage of the intervals.
        folds: Folds in which the scale is cross-fitted, so that no error is divided by a scale that knew it.
        hyperparameters: Of the gradient boosting with gamma loss that learns the scale.
        random_state: Seed of the folds and of the boosting.

    Raises:
        AbaloneError: If there are too few rows for the level or the folds, or a hyper-parameter is wrong.
    """
    if len(table) < folds:
        raise AbaloneError(f"{len(table)} rows are too few for {folds} folds: lower training.intervals.folds")
    errors = np.maximum(np.abs(residuals), SMALLEST_ERROR)
    splitter = KFold(folds, shuffle=True, random_state=random_state)
    with fitting(WHERE):
        scale = scale_estimator(hyperparameters, random_state)
        cross_fitted = cross_val_predict(scale[-1], scale[:-1].fit_transform(table), errors, cv=splitter)
        scale.fit(table, errors)
    scores = residuals / cross_fitted
    lower, upper = conformal_quantiles(scores, level)
    return IntervalRegressor(point, scale, lower, upper, level, errors=describe_errors(scores, lower, upper))


def describe_errors(scores: Floats, lower_quantile: float, upper_quantile: float) -> dict[str, float]:
    """Describe how large the errors are, as shares of their intervals, for new errors to be compared with.

    Args:
        scores: Errors divided by scales that had not seen them, or they would look smaller than new ones will be.
        lower_quantile: Of the scores.
        upper_quantile: Of the scores.

    Returns:
        `rows`, and the `mean` and `standard_deviation` of the relative errors.
    """
    errors = relative_errors(scores, 0.0, lower_quantile, upper_quantile)
    return {"rows": len(errors), "mean": float(errors.mean()), "standard_deviation": float(errors.std(ddof=1))}


def scale_estimator(hyperparameters: dict[str, Any], random_state: int) -> Pipeline:
    """Gradient boosting of the absolute error; the gamma loss, because errors grow with their mean."""
    return pipeline(boosting(loss="gamma", random_state=random_state, **hyperparameters))
