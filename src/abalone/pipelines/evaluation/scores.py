"""How good predictions are, with bootstrap confidence intervals, over all rows and by stratum."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from abalone.pipelines.evaluation.bands import band_names, band_of
from abalone.pipelines.evaluation.bootstrap import FloatArray, Resampling, percentile_interval, resample
from abalone.schema import RINGS, SEX

WITHIN_RINGS = 1.0
"""How far, in rings, a prediction may be from the count for the share within one ring."""

_DECIMALS = 6
_NO_VARIANCE = 1e-9


def resample_rows(rows: int, parameters: Mapping[str, Any]) -> Resampling:
    """Draw the resamples that the parameters ask for; the same ones for the same number of rows.

    Args:
        rows: Number of rows.
        parameters: `evaluation.bootstrap`.

    Returns:
        The resamples.
    """
    return resample(rows, parameters["resamples"], parameters["maximum_units"], random_state=parameters["random_state"])


def score(predictions: pd.DataFrame, age_bands: list[int], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Score predictions with resamples of their own; see `score_on`."""
    return score_on(resample_rows(len(predictions), parameters), predictions, age_bands, parameters)


def score_on(
    resampling: Resampling, predictions: pd.DataFrame, age_bands: list[int], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Score predictions over all rows, by sex and by age band.

    Args:
        resampling: Resamples of the rows.
        predictions: Columns sex, rings and predicted; lower and upper where there are intervals.
        age_bands: First ring count of every band but the youngest.
        parameters: `evaluation.bootstrap`.

    Returns:
        `overall`, `by_sex` and `by_age_band`: in each stratum its `rows`, and each metric with its bounds of
        confidence, or None where there are too few rows to say. RMSE, MAE and mean width are in rings.
    """
    statistics = _statistics(predictions)
    sex = predictions[SEX.name].to_numpy()
    band = band_of(predictions[RINGS.name], age_bands)
    names = band_names(age_bands)
    strata = [
        np.ones(len(predictions), dtype=np.bool_),
        *(sex == value for value in SEX.values),
        *(band == number for number in range(len(names))),
    ]
    # One matrix product for all strata: rows outside of a stratum add nothing to its sums.
    units = np.hstack([resampling.units(statistics * members[:, None]) for members in strata])
    resampled = (resampling.weights @ units).reshape(-1, len(strata), statistics.shape[1])
    overall, *scores = [
        _score_stratum(statistics[members], resampled[:, number], parameters) for number, members in enumerate(strata)
    ]
    return {
        "confidence": parameters["confidence"],
        "overall": overall,
        "by_sex": dict(zip(SEX.values, scores, strict=False)),
        "by_age_band": dict(zip(names, scores[len(SEX.values) :], strict=True)),
    }


def squared_error_reduction(resampling: Resampling, model: pd.DataFrame, rival: pd.DataFrame) -> FloatArray:
    """By how much the model's mean squared error is below a rival's, in every resample of the same rows.

    Args:
        resampling: Resamples of the rows.
        model: The model's predictions: columns rings and predicted.
        rival: The rival's predictions of the same rows.

    Returns:
        The difference on the rows themselves, then in each resample, shape (1 + resamples,), in rings squared.
    """
    rings = model[RINGS.name].to_numpy(np.float64)
    difference = (rings - rival["predicted"].to_numpy()) ** 2 - (rings - model["predicted"].to_numpy()) ** 2
    resampled = resampling.weights @ resampling.units(difference[:, None])[:, 0] / len(model)
    return np.concatenate([[difference.mean()], resampled])


def _statistics(predictions: pd.DataFrame) -> FloatArray:
    """What a row adds to each sum that `_metrics` needs, shape (rows, 8); NaN where there is no interval."""
    rings = predictions[RINGS.name].to_numpy(np.float64)
    error = rings - predictions["predicted"].to_numpy(np.float64)
    missing = np.full(len(rings), np.nan)
    covered, width = missing, missing
    if "lower" in predictions:
        lower, upper = predictions["lower"].to_numpy(), predictions["upper"].to_numpy()
        covered, width = ((lower <= rings) & (rings <= upper)).astype(np.float64), upper - lower
    # Centred, so that the variance of the rings does not drown in the rounding of their squares.
    centred = rings - rings.mean()
    absolute = np.abs(error)
    within = (absolute <= WITHIN_RINGS).astype(np.float64)
    return np.column_stack([np.ones(len(rings)), centred, centred**2, error**2, absolute, within, covered, width])


def _metrics(sums: FloatArray) -> dict[str, FloatArray]:
    """Metrics from sums of `_statistics`, shape (resamples, 8); the definitions are scikit-learn's."""
    rows, total, squares, squared_error, absolute, within, covered, width = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        scatter = squares - total**2 / rows
        # Animals of one and the same age leave nothing to explain.
        scatter = np.where(scatter > rows * _NO_VARIANCE, scatter, np.nan)
        return {
            "rmse": np.sqrt(squared_error / rows),
            "mae": absolute / rows,
            "r2": 1 - squared_error / scatter,
            "within_one_ring": within / rows,
            "coverage": covered / rows,
            "mean_width": width / rows,
        }


def _score_stratum(statistics: FloatArray, resampled_sums: FloatArray, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Each metric of the rows of a stratum, shape (rows, 8), and of its resamples, shape (resamples, 8)."""
    metrics = _metrics(statistics.sum(axis=0, keepdims=True))
    if len(statistics) < parameters["minimum_rows"]:
        return {"rows": len(statistics), **dict.fromkeys(metrics)}
    resampled = _metrics(resampled_sums)
    return {
        "rows": len(statistics),
        **{
            name: _with_interval(float(value[0]), resampled[name], parameters["confidence"])
            for name, value in metrics.items()
        },
    }


def _with_interval(value: float, resampled: FloatArray, confidence: float) -> dict[str, float] | None:
    # Resamples without any row of a small stratum have no value.
    finite = resampled[np.isfinite(resampled)]
    if not np.isfinite(value) or not len(finite):
        return None
    lower, upper = percentile_interval(finite, confidence)
    return {
        "value": round(value, _DECIMALS),
        "lower": round(lower, _DECIMALS),
        "upper": round(upper, _DECIMALS),
    }
