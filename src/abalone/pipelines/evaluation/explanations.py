"""What the predictions depend on, asked of the artifact as it serves: from the raw measurements."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abalone.schema import MEASUREMENT_NAMES, NUMBER_NAMES

Predict = Callable[[pd.DataFrame], NDArray[np.float64]]
"""From a table of measurements to rings, shape (rows,)."""


def permutation_importance(
    predict: Predict, measurements: pd.DataFrame, rings: NDArray[np.float64], parameters: Mapping[str, Any]
) -> pd.DataFrame:
    """Measure how much worse the predictions get when one measurement is shuffled among the animals.

    Breiman, L. (2001). Random forests. Machine Learning 45.

    Args:
        predict: The model.
        measurements: Columns `schema.MEASUREMENT_NAMES`, shape (rows, 8).
        rings: Ring counts, shape (rows,).
        parameters: `evaluation.explanations`.

    Returns:
        One row a measurement, the most important first: `measurement`, `rmse_increase` (rings, mean over the
        shuffles) and `standard_deviation` over the shuffles.
    """
    rng = np.random.default_rng(parameters["random_state"])
    chosen = _some_rows(len(measurements), parameters["importance_rows"], rng)
    rows, actual = measurements[list(MEASUREMENT_NAMES)].iloc[chosen], rings[chosen]
    shuffled = pd.concat(
        rows.assign(**{name: rows[name].to_numpy()[rng.permutation(len(rows))]})
        for name in MEASUREMENT_NAMES
        for _ in range(parameters["shuffles"])
    )
    predicted = predict(shuffled).reshape(len(MEASUREMENT_NAMES), parameters["shuffles"], len(rows))
    rmse = np.sqrt(np.mean((predicted - actual) ** 2, axis=2))
    increase = rmse - np.sqrt(np.mean((predict(rows) - actual) ** 2))
    return pd.DataFrame(
        {
            "measurement": MEASUREMENT_NAMES,
            "rmse_increase": increase.mean(axis=1),
            "standard_deviation": increase.std(axis=1),
        }
    ).sort_values("rmse_increase", ascending=False, ignore_index=True)


def partial_dependence(predict: Predict, measurements: pd.DataFrame, parameters: Mapping[str, Any]) -> pd.DataFrame:
    """Predict the same animals again and again, with one measurement set to each value of a grid.

    Friedman, J. H. (2001). Greedy function approximation. Annals of Statistics 29, section 8.2. The grid keeps
    within the central share `dependence_range` of the data, because beyond it nothing was learnt.

    Args:
        predict: The model.
        measurements: Columns `schema.MEASUREMENT_NAMES`, shape (rows, 8).
        parameters: `evaluation.explanations`.

    Returns:
        One row a numeric measurement and grid value: `measurement`, `value` (in its unit), and over the animals the
        `mean` prediction and the 10 % and 90 % quantiles `lower` and `upper` (rings).
    """
    rng = np.random.default_rng(parameters["random_state"])
    chosen = _some_rows(len(measurements), parameters["dependence_rows"], rng)
    rows = measurements[list(MEASUREMENT_NAMES)].iloc[chosen]
    tail = (1 - parameters["dependence_range"]) / 2
    points = parameters["dependence_points"]
    low, high = np.quantile(measurements[list(NUMBER_NAMES)].to_numpy(np.float64), [tail, 1 - tail], axis=0)
    grid = np.linspace(low, high, points)  # shape (points, measurements)
    repeated = rows.iloc[np.tile(np.arange(len(rows)), points)]
    changed = pd.concat(
        repeated.assign(**{name: np.repeat(values, len(rows))})
        for name, values in zip(NUMBER_NAMES, grid.T, strict=True)
    )
    predicted = predict(changed).reshape(grid.size, len(rows))
    lower, upper = np.quantile(predicted, [0.1, 0.9], axis=1)
    return pd.DataFrame(
        {
            "measurement": np.repeat(NUMBER_NAMES, points),
            "value": grid.T.ravel(),
            "mean": predicted.mean(axis=1),
            "lower": lower,
            "upper": upper,
        }
    )


def _some_rows(rows: int, maximum: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """At most `maximum` of the rows, in their order: a figure gains nothing from more."""
    return np.arange(rows) if rows <= maximum else np.sort(rng.choice(rows, maximum, replace=False))
