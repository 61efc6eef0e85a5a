"""What the training data looked like, for monitoring to compare with."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from abalone.schema import NUMBER_NAMES, RINGS, SEX

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
BINS = 10


def reference_distributions(table: pd.DataFrame, predicted: ArrayLike) -> dict[str, Any]:
    """Describe the training table and the predictions on it, in JSON values.

    Args:
        table: Measurements and rings.
        predicted: Predicted rings, shape (rows,), of models that did not know the row.

    Returns:
        Under `numbers` the quantiles and a histogram of each measurement, of the rings and of the predicted rings;
        under `sex` the share of each value.
    """
    columns = {**{name: table[name] for name in (*NUMBER_NAMES, RINGS.name)}, "predicted_rings": predicted}
    shares = table[SEX.name].value_counts(normalize=True)
    return {
        "numbers": {name: _describe(np.asarray(values, dtype=np.float64)) for name, values in columns.items()},
        "sex": {value: float(shares.get(value, 0.0)) for value in SEX.values},
    }


def _describe(values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    """Quantiles, and the shares of the rows between deciles, the outermost bins being open."""
    edges = np.unique(np.quantile(values, np.linspace(0.0, 1.0, BINS + 1)[1:-1]))
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    return {
        "quantiles": {str(level): float(np.quantile(values, level)) for level in QUANTILES},
        "histogram": {"inner_edges": edges.tolist(), "shares": (counts / len(values)).tolist()},
    }
