"""Whether the predictions are as good as the model promised, on rows whose rings have been counted."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from abalone.model.cross_validation import RANDOM
from abalone.model.relative_error import relative_errors
from abalone.pipelines.evaluation.bootstrap import percentile_interval, resample
from abalone.pipelines.monitoring.known_animals import check_reference

_FEWEST = 2
"""A spread takes two rows."""


def measure_performance(
    labelled: pd.DataFrame, reference: Mapping[str, Any], promise: Mapping[str, Any], parameters: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Compare the errors on labelled rows with those that cross-validation found.

    Args:
        labelled: Rows with predicted_rings, lower, upper and rings, all known.
        reference: `reference` of the artifact's metadata.
        promise: The artifact's metadata: `cross_validation` and `intervals`.
        parameters: `monitoring.performance`.

    Returns:
        None when there are fewer than two rows, otherwise rows; rmse, bias (actual minus predicted) and coverage with
        their two-sided intervals; error_ratio, how many times larger the relative errors are than in training;
        worse and coverage_low, each when it is certain and large enough to matter: the ratio is above 1, or the errors
        are biased; the coverage is below the level, by the exact binomial test.

    Raises:
        AbaloneError: The artifact is older than monitoring.
    """
    check_reference(reference)
    if len(labelled) < _FEWEST:
        return None
    columns = ("rings", "predicted_rings", "lower", "upper")
    rings, predicted, lower, upper = (labelled[name].to_numpy(dtype=np.float64) for name in columns)
    errors = relative_errors(rings, predicted, lower, upper)
    ratio = _error_ratio(errors, reference["errors"], parameters["error_alpha"])
    promised = promise["cross_validation"][RANDOM]["rmse"]
    found = _rmse_and_bias(rings - predicted, parameters)
    growth = 1.0 + parameters["relevant_growth"]
    grown = ratio["lower"] > 1.0 and ratio["value"] > growth
    # Errors of one sign may be no larger as shares of an interval that is wider on their side.
    shifted = (
        _is_biased(rings - predicted, parameters["bias_alpha"])
        and np.hypot(promised, found["bias"]["value"]) > growth * promised
    )
    return {
        "rows": len(labelled),
        **found,
        "promised_rmse": promised,
        "error_ratio": ratio,
        "worse": bool(grown or shifted),
        **_coverage((lower <= rings) & (rings <= upper), promise["intervals"]["level"], parameters),
    }


def _coverage(covered: NDArray[np.bool_], level: float, parameters: Mapping[str, Any]) -> dict[str, Any]:
    count, value = int(covered.sum()), float(covered.mean())
    p_value = float(stats.binomtest(count, len(covered), level, alternative="less").pvalue)
    bounds = stats.binomtest(count, len(covered)).proportion_ci(parameters["confidence"])
    is_low = p_value <= parameters["coverage_alpha"] and level - value > parameters["relevant_coverage_loss"]
    return {
        "coverage": {"value": value, "lower": float(bounds.low), "upper": float(bounds.high), "p_value": p_value},
        "promised_coverage": level,
        "coverage_low": is_low,
    }


def _rmse_and_bias(errors: NDArray[np.float64], parameters: Mapping[str, Any]) -> dict[str, Any]:
    resampling = resample(len(errors), **parameters["bootstrap"])
    sums = resampling.weights @ resampling.units(np.stack([np.ones_like(errors), errors, np.square(errors)], axis=1))
    resampled = {"rmse": np.sqrt(sums[:, 2] / sums[:, 0]), "bias": sums[:, 1] / sums[:, 0]}
    values = {"rmse": np.sqrt(np.square(errors).mean()), "bias": errors.mean()}
    intervals = {name: percentile_interval(figures, parameters["confidence"]) for name, figures in resampled.items()}
    return {
        name: {"value": float(values[name]), "lower": lower, "upper": upper}
        for name, (lower, upper) in intervals.items()
    }


def _error_ratio(errors: NDArray[np.float64], trained: Mapping[str, float], alpha: float) -> dict[str, float]:
    """Ratio of the mean relative errors, its bounds each one-sided at `alpha`, on the scale of logarithms.

    An error that has grown varies as much in proportion as one that has not, so the spread is taken from the training,
    which knows it better than a window does.
    """
    variation = trained["standard_deviation"] / trained["mean"]
    reach = float(stats.norm.ppf(1.0 - alpha) * variation * np.sqrt(1.0 / len(errors) + 1.0 / trained["rows"]))
    ratio = float(errors.mean() / trained["mean"])
    return {"value": ratio, "lower": ratio * float(np.exp(-reach)), "upper": ratio * float(np.exp(reach))}


def _is_biased(errors: NDArray[np.float64], alpha: float) -> bool:
    """Whether the mean error differs from 0, by Student's two-sided test."""
    limit = stats.t.ppf(1.0 - alpha / 2.0, len(errors) - 1) * errors.std(ddof=1) / np.sqrt(len(errors))
    return bool(abs(errors.mean()) > limit)
