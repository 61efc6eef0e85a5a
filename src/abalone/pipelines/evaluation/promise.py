"""Whether a model keeps what it promised when it was trained: its error, and the coverage of its intervals."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from abalone.model.artifact import Artifact
from abalone.model.cross_validation import RANDOM
from abalone.pipelines.evaluation.bootstrap import lower_bound
from abalone.pipelines.evaluation.scores import resample_rows
from abalone.schema import RINGS

_DECIMALS = 6


def measure_promise(model: Artifact, predictions: pd.DataFrame, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Put what a model promised beside what it does on rows that it has not learnt from.

    Args:
        model: The artifact; its metadata hold what it promised.
        predictions: Its predictions of these rows: columns rings, predicted, lower, upper.
        parameters: `evaluation`.

    Returns:
        `promised_rmse` (rings), by cross-validation among animals of known sites; the `rmse` (rings) of the rows and
        its one-sided `lower_bound` at the gate's confidence; the `level` of the intervals, their `coverage`, and its
        exact bounds (Clopper and Pearson, 1934), each one-sided at that confidence.
    """
    confidence = parameters["gate"]["confidence"]
    rings = predictions[RINGS.name].to_numpy(np.float64)
    squares = (rings - predictions["predicted"].to_numpy()) ** 2
    resampling = resample_rows(len(predictions), parameters["bootstrap"])
    resampled = np.sqrt(resampling.weights @ resampling.units(squares[:, None])[:, 0] / len(predictions))
    covered = (predictions["lower"].to_numpy() <= rings) & (rings <= predictions["upper"].to_numpy())
    bounds = stats.binomtest(int(covered.sum()), len(covered)).proportion_ci(2.0 * confidence - 1.0)
    return {
        "promised_rmse": round(float(model.metadata["cross_validation"][RANDOM]["rmse"]), _DECIMALS),
        "rmse": round(float(np.sqrt(squares.mean())), _DECIMALS),
        "lower_bound": round(lower_bound(resampled, confidence), _DECIMALS),
        "level": model.metadata["intervals"]["level"],
        "coverage": round(float(covered.mean()), _DECIMALS),
        "coverage_bounds": [round(float(bound), _DECIMALS) for bound in bounds],
    }


def broken(promise: Mapping[str, Any], tolerance: float) -> list[str]:
    """Say which promises a model breaks by more than noise.

    Args:
        promise: What `measure_promise` returns.
        tolerance: How far the coverage may be from the level, on either side, however certain it is.

    Returns:
        A part of a sentence for each of them; none when it keeps them.
    """
    found = []
    if promise["lower_bound"] > promise["promised_rmse"]:
        found.append(
            f"its RMSE is {promise['rmse']:.3f} rings, certainly above {promise['lower_bound']:.3f}, "
            f"where it promised {promise['promised_rmse']:.3f}"
        )
    lowest, highest = promise["coverage_bounds"]
    if abs(promise["coverage"] - promise["level"]) > tolerance and not lowest <= promise["level"] <= highest:
        found.append(f"its intervals contain {promise['coverage']:.1%} where they promised {promise['level']:.1%}")
    return found
