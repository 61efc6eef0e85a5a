"""Bootstrap resampling of the test rows, without a loop over resamples.

Every figure of the evaluation is a function of sums over rows, so one matrix of weights (how often each resample
draws each row) times the rows' statistics gives the figure in every resample. Whatever shares the weights is compared
on the same rows, which is what makes a comparison paired (Efron and Tibshirani, 1993, chapters 6 and 13).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Resampling:
    """Resamples of a table of `rows` rows.

    Attributes:
        weights: How often each resample draws each unit, shape (resamples, units).
        order: Row numbers in the order of their units, shape (rows,).
        starts: Where each unit starts in `order`, shape (units,).
    """

    weights: FloatArray
    order: NDArray[np.intp]
    starts: NDArray[np.intp]

    def units(self, statistics: FloatArray) -> FloatArray:
        """Sum statistics over the rows of every unit; the weights times these are the sums in every resample.

        Args:
            statistics: One row of numbers for each row of the table, shape (rows, k).

        Returns:
            Their sums, shape (units, k).
        """
        sums: FloatArray = np.add.reduceat(statistics[self.order], self.starts, axis=0)
        return sums


def resample(rows: int, resamples: int, maximum_units: int, random_state: int) -> Resampling:
    """Draw bootstrap resamples.

    A unit is one row. Above `maximum_units` rows it is a random group of rows, drawn whole: the sums keep their
    variance, and cost and memory stop growing with the table.

    Args:
        rows: Number of rows, at least 1.
        resamples: Number of resamples.
        maximum_units: Largest number of units.
        random_state: Seed.

    Returns:
        The resamples.
    """
    rng = np.random.default_rng(random_state)
    units = min(rows, maximum_units)
    order = np.arange(rows) if units == rows else rng.permutation(rows)
    return _drawn(order, units, resamples, rng)


def resample_blocks(order: NDArray[np.intp], blocks: int, resamples: int, random_state: int) -> Resampling:
    """Draw bootstrap resamples of contiguous blocks of rows, each drawn whole.

    Rows that lie together share a collection site, so what scatters between such resamples is what differs between
    sites: the cluster bootstrap (Davison and Hinkley, 1997, section 3.8).

    Args:
        order: Row numbers in the order of collection, shape (rows,), at least one.
        blocks: Number of blocks, of equal length but for one row; as many as there are rows at most.
        resamples: Number of resamples.
        random_state: Seed.

    Returns:
        The resamples.
    """
    return _drawn(order, min(blocks, len(order)), resamples, np.random.default_rng(random_state))


def _drawn(order: NDArray[np.intp], units: int, resamples: int, rng: np.random.Generator) -> Resampling:
    """Draw units, which follow each other in `order` and are of equal length but for one row, with replacement."""
    starts = np.linspace(0, len(order), units, endpoint=False).astype(np.intp)
    draws = rng.integers(units, size=(resamples, units)) + units * np.arange(resamples)[:, None]
    counts = np.bincount(draws.ravel(), minlength=resamples * units)
    return Resampling(counts.reshape(resamples, units).astype(np.float64), order, starts)


def percentile_interval(values: FloatArray, confidence: float) -> tuple[float, float]:
    """Bootstrap percentile interval (Efron and Tibshirani, 1993, chapter 13).

    Args:
        values: The figure in every resample, shape (resamples,).
        confidence: Confidence level between 0 and 1.

    Returns:
        Lower and upper bound.
    """
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(values, [tail, 1 - tail])
    return float(lower), float(upper)


def lower_bound(values: FloatArray, confidence: float) -> float:
    """One-sided lower percentile bound.

    Args:
        values: The figure in every resample, shape (resamples,).
        confidence: Confidence level between 0 and 1.

    Returns:
        The bound that the figure exceeds with this confidence.
    """
    return float(np.quantile(values, 1 - confidence))
