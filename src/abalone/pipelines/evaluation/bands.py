"""Age bands: ranges of ring counts that people can name."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray


def band_names(edges: Sequence[int]) -> list[str]:
    """Name the bands between ascending edges.

    Args:
        edges: First ring count of every band but the youngest, ascending.

    Returns:
        One name more than there are edges, in rings, youngest first.
    """
    between = [
        f"{first} to {following - 1}" if following - first > 1 else str(first) for first, following in pairwise(edges)
    ]
    return [f"under {edges[0]}", *between, f"{edges[-1]} or more"]


def band_of(rings: ArrayLike, edges: Sequence[int]) -> NDArray[np.intp]:
    """Find the band of each animal.

    Args:
        rings: Ring counts, shape (n,).
        edges: First ring count of every band but the youngest, ascending.

    Returns:
        Position of each animal's band in `band_names(edges)`, shape (n,).
    """
    return np.searchsorted(np.asarray(edges), np.asarray(rings), side="right")
