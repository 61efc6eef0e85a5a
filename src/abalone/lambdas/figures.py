"""How good predictions are, and how quickly they come."""

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Prediction(NamedTuple):
    """What a model says of one animal, in rings.

    Attributes:
        rings: The estimate.
        lower: Lower bound of the interval.
        upper: Upper bound of the interval.
    """

    rings: float
    lower: float
    upper: float


def accuracy(actual: Sequence[float], predictions: Sequence[Prediction]) -> dict[str, float]:
    """Compare predictions with the true ring counts.

    Args:
        actual: Ring counts; at least one.
        predictions: In the same order.

    Returns:
        rmse and mae in rings, and coverage: the share of counts within their intervals, bounds included.
    """
    pairs = list(zip(actual, predictions, strict=True))
    errors = [predicted.rings - rings for rings, predicted in pairs]
    return {
        "rmse": math.sqrt(statistics.fmean(error * error for error in errors)),
        "mae": statistics.fmean(map(abs, errors)),
        "coverage": statistics.fmean(predicted.lower <= rings <= predicted.upper for rings, predicted in pairs),
    }


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return the median, and the 95th and 99th percentile, of durations in milliseconds.

    Args:
        seconds: The durations; at least two.
    """
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {f"p{percent}": 1000 * cuts[percent - 1] for percent in (50, 95, 99)}
