"""What the training data looked like, for monitoring to compare with.

Of any number of rows it keeps as much as fits into the metadata, which the service reads at its start, and it costs no
more than a look at a few thousand of them.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from abalone.model.cross_validation import NEW_SITE, RANDOM
from abalone.model.intervals import IntervalRegressor
from abalone.model.traits import PREDICTED_RINGS, traits
from abalone.schema import MEASUREMENT_NAMES, NUMBER_NAMES, RINGS, SEX

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
BINS = 10
SAMPLE_ROWS = 2_000
BLOCK_ROWS, FEWEST_BLOCKS, MOST_BLOCKS = 500, 10, 40
RESIDUAL = "residual"

Floats = NDArray[np.float64]


def reference_distributions(
    table: pd.DataFrame, predicted: Mapping[str, ArrayLike], intervals: IntervalRegressor
) -> dict[str, Any]:
    """Describe the training table and the predictions on it, in JSON values.

    Args:
        table: Measurements and rings with `batch` and `line`, whose order is the order of collection.
        predicted: For each protocol the predicted rings, shape (rows,), of models that did not know the row.
        intervals: The fitted intervals.

    Returns:
        `rows`: how many rows there are. `numbers`: the quantiles and a histogram of each measurement, of the rings and
        of the predicted rings. `sex`: the share of each value. `sample`: rows spread evenly over the collection, with
        their predicted rings, as CSV. `blocks`: how far the mean of each trait differs between contiguous blocks of
        rows, which is how far sites differ. `errors`: of the intervals.
    """
    numbers = {name: np.asarray(predictions, dtype=np.float64) for name, predictions in predicted.items()}
    columns = {**{name: table[name] for name in (*NUMBER_NAMES, RINGS.name)}, PREDICTED_RINGS: numbers[RANDOM]}
    shares = table[SEX.name].value_counts(normalize=True)
    in_order = np.lexsort((table["line"], table["batch"]))
    return {
        "rows": len(table),
        "numbers": {name: _describe(np.asarray(values, dtype=np.float64)) for name, values in columns.items()},
        "sex": {value: float(shares.get(value, 0.0)) for value in SEX.values},
        "sample": _sample(table, numbers[RANDOM], _spread(in_order, SAMPLE_ROWS)),
        "blocks": _blocks(table, numbers, in_order),
        "errors": intervals.errors,
    }


def _describe(values: Floats) -> dict[str, Any]:
    """Quantiles, and the shares of the rows between deciles, the outermost bins being open."""
    edges = np.unique(np.quantile(values, np.linspace(0.0, 1.0, BINS + 1)[1:-1]))
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    return {
        "quantiles": {str(level): float(np.quantile(values, level)) for level in QUANTILES},
        "histogram": {"inner_edges": edges.tolist(), "shares": (counts / len(values)).tolist()},
    }


def _spread(in_order: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Row numbers spread evenly over the collection, at most so many."""
    return in_order[np.linspace(0, len(in_order), min(len(in_order), most), endpoint=False).astype(np.intp)]


def _sample(table: pd.DataFrame, predicted: Floats, rows: NDArray[np.intp]) -> str:
    """One string: as JSON, whose every number has a line of its own, it would be three times as long."""
    sample = table.iloc[rows][list(MEASUREMENT_NAMES)].assign(**{PREDICTED_RINGS: predicted[rows]})
    return str(sample.to_csv(index=False, float_format="%.5g", lineterminator="\n"))


def _blocks(table: pd.DataFrame, predicted: Mapping[str, Floats], in_order: NDArray[np.intp]) -> dict[str, Any]:
    """Means of the traits, their spread between animals, and between the means of contiguous blocks of rows."""
    count = int(np.clip(len(table) // BLOCK_ROWS, FEWEST_BLOCKS, MOST_BLOCKS))
    size = max(min(BLOCK_ROWS, len(table) // count), 1)
    starts = np.linspace(0, len(table) - size, count).astype(np.intp)
    rows = in_order[starts[:, np.newaxis] + np.arange(size)].ravel()
    residuals = table[RINGS.name].to_numpy(dtype=np.float64)[rows] - predicted[NEW_SITE][rows]
    compared = traits(table.iloc[rows], predicted[RANDOM][rows]).assign(**{RESIDUAL: residuals})
    values = compared.to_numpy(dtype=np.float64).reshape(count, size, -1)
    of_blocks = values.mean(axis=1)
    described = {"mean": of_blocks.mean(axis=0), "spread": values.std(axis=(0, 1)), "between": of_blocks.std(0, ddof=1)}
    by_trait = zip(compared.columns, *(figures.tolist() for figures in described.values()), strict=True)
    return {
        "count": count,
        "rows": size,
        "traits": {name: dict(zip(described, figures, strict=True)) for name, *figures in by_trait},
    }
