"""Metrics of prediction intervals; those of points come from scikit-learn."""

import numpy as np
from numpy.typing import ArrayLike


def coverage(actual: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> float:
    """Return the share of actual values within their interval, bounds included."""
    inside = (np.asarray(lower) <= np.asarray(actual)) & (np.asarray(actual) <= np.asarray(upper))
    return float(np.mean(inside))


def mean_width(lower: ArrayLike, upper: ArrayLike) -> float:
    """Return the mean width of the intervals, in the unit of the bounds."""
    return float(np.mean(np.asarray(upper, dtype=float) - np.asarray(lower, dtype=float)))


def winkler_score(actual: ArrayLike, lower: ArrayLike, upper: ArrayLike, level: float) -> float:
    """Return the mean interval score: the width, plus 2 / (1 - level) times the distance by which a value is missed.

    Lower is better, and the true quantiles have the lowest expectation (Winkler, 1972; Gneiting and Raftery, 2007,
    equation 43).

    Args:
        actual: Observed values, shape (rows,).
        lower: Lower bounds, shape (rows,).
        upper: Upper bounds, shape (rows,).
        level: Nominal coverage of the intervals, between 0 and 1.
    """
    values, low, high = (np.asarray(array, dtype=float) for array in (actual, lower, upper))
    missed = np.maximum(low - values, 0.0) + np.maximum(values - high, 0.0)
    return float(np.mean(high - low + 2.0 / (1.0 - level) * missed))
