"""Errors of predictions in the unit that makes those of young and old animals comparable."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

NARROWEST_SIDE = 0.01
"""A side of an interval is taken to be at least this wide, in rings: one of no width has no unit."""


def relative_errors(actual: ArrayLike, predicted: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> NDArray[np.float64]:
    """Return each absolute error as a share of the interval's width on its side: 1 is an error at the bound.

    All arguments are in rings and of shape (rows,), as is the result. Errors grow with the age of the animal, and the
    interval with them: what is left varies less, so that 300 labels tell what takes 460 when errors are in rings.
    """
    rings, point = np.asarray(actual, dtype=np.float64), np.asarray(predicted, dtype=np.float64)
    error = rings - point
    side = np.where(error < 0, point - np.asarray(lower), np.asarray(upper) - point)
    return np.abs(error) / np.maximum(side, NARROWEST_SIDE)
