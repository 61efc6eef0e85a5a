"""How far collection sites differ: what a change of the animals is held against before it is called more than that."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from abalone.model.traits import TRAIT_NAMES


def beyond_new_site(window: pd.DataFrame, reference: Mapping[str, Any], alpha: float) -> list[str]:
    """Return the traits whose mean is farther from the training's than that of a new site would be.

    A site's mean is taken to differ from that of all sites as the means of contiguous blocks of training rows do
    among themselves: by the prediction interval of Student's t for one more block, shared out among the traits
    (Bonferroni).

    Args:
        window: Traits of the served animals.
        reference: Of the artifact.
        alpha: Chance that any trait of a new site is beyond it.

    Returns:
        Names of traits, those that are the farthest off first.
    """
    blocks, names = reference["blocks"], list(TRAIT_NAMES)
    mean, spread, between = (
        np.array([blocks["traits"][name][figure] for name in names]) for figure in ("mean", "spread", "between")
    )
    more_noise = np.maximum(np.square(spread) * (1.0 / len(window) - 1.0 / blocks["rows"]), 0.0)
    variance = np.square(between) * (1.0 + 1.0 / blocks["count"]) + more_noise
    # what does not vary at all, as the share of a sex that was never met, says nothing of sites
    variance = np.where(variance > 0, variance, np.inf)
    distance = np.abs(window[names].mean().to_numpy() - mean) / np.sqrt(variance)
    limit = stats.t.ppf(1.0 - alpha / (2 * len(names)), blocks["count"] - 1)
    return [names[trait] for trait in np.argsort(-distance) if distance[trait] > limit]
