"""Pairs of a champion and a challenger: what each of them learns from."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from abalone.model.artifact import Artifact
from abalone.model.candidates import build_estimator, members
from abalone.model.cross_validation import RANDOM, cross_validate, fold_numbers, score_candidates
from abalone.model.intervals import fit_intervals
from abalone.model.onnx_graph import to_onnx
from abalone.model.split import HASH_VERSION
from benchmarks.model.setting import CANDIDATES, CHOSEN, PARAMETERS, rings_of

Learning = tuple[pd.DataFrame, int]
"""The table that a model learns from, and the seed of its training."""
Pair = Callable[[pd.DataFrame, int], tuple[Learning, Learning]]
"""From the train table and a seed to what the champion learns from, and what the challenger does."""

SITES = 10
FEW_ANIMALS = 1000
OTHER_SEED = 1000


def halves(train: pd.DataFrame, seed: int) -> tuple[Learning, Learning]:
    """Two halves of the same animals, at random."""
    order = np.random.default_rng(seed).permutation(len(train))
    middle = len(train) // 2
    return (train.iloc[order[:middle]], seed), (train.iloc[order[middle:]], seed)


def another_seed(train: pd.DataFrame, seed: int) -> tuple[Learning, Learning]:
    """The same animals, twice."""
    return (train, seed), (train, OTHER_SEED + seed)


def more_animals(train: pd.DataFrame, seed: int) -> tuple[Learning, Learning]:
    """A thousand animals, and all of them."""
    few = np.random.default_rng(seed).permutation(len(train))[:FEW_ANIMALS]
    return (train.iloc[few], seed), (train, seed)


def more_sites(train: pd.DataFrame, seed: int) -> tuple[Learning, Learning]:
    """All but two neighbours of ten stretches of the survey, and all of it."""
    stretches = np.array_split(np.arange(len(train)), SITES)
    first = np.random.default_rng(seed).integers(SITES - 1)
    left_out = np.concatenate(stretches[first : first + 2])
    return (train.drop(index=train.index[left_out]), seed), (train, seed)


class Kind(NamedTuple):
    """A kind of pairs.

    Attributes:
        name: What the champion learns from, and the challenger.
        pair: Makes one.
        are_equal: Neither is better but by luck, so that each is a challenger of the other.
        fraction: How many are made of the pairs asked for.
    """

    name: str
    pair: Pair
    are_equal: bool
    fraction: float


KINDS = (
    Kind("two halves of the same animals", halves, are_equal=True, fraction=1.0),
    Kind("the same animals, another seed", another_seed, are_equal=True, fraction=0.5),
    Kind("1,000 animals, then all 3,350", more_animals, are_equal=False, fraction=0.2),
    Kind("eight stretches of the survey, then all ten", more_sites, are_equal=False, fraction=0.2),
)


def fit_artifact(table: pd.DataFrame, split: dict[str, float], random_state: int) -> Artifact:
    """Fit the chosen candidate as training does, and keep of it what the gate asks for."""
    needed = {name: CANDIDATES[name] for name in (*members(CANDIDATES, CHOSEN), CHOSEN)}
    folds = fold_numbers(table, **PARAMETERS["cross_validation"], random_state=random_state)
    out_of_fold = cross_validate(table, needed, {RANDOM: folds[RANDOM]}, random_state)
    scores = score_candidates(table, out_of_fold).set_index("candidate")
    point = build_estimator(CANDIDATES, CHOSEN, random_state).fit(table, rings_of(table))
    residuals = rings_of(table) - out_of_fold[RANDOM][CHOSEN].to_numpy()
    model = fit_intervals(point, table, residuals, **PARAMETERS["intervals"], random_state=random_state)
    return Artifact(
        onnx=to_onnx(model),
        skops=b"",
        metadata={
            "split": {"hash_version": HASH_VERSION, **split},
            "cross_validation": {RANDOM: {"rmse": float(scores.loc[CHOSEN, "rmse"])}},
            "intervals": {"level": model.level},
        },
    )
