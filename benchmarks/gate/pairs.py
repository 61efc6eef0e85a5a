"""Pairs of a champion and a challenger: what each of them learns from."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from abalone.model.artifact import Artifact
from abalone.model.candidates import build_estimator, members
from abalone.model.cross_validation import RANDOM, cross_validate, fold_numbers, score_candidates
from abalone.model.export import export_artifact
from abalone.model.intervals import fit_intervals
from benchmarks.model.setting import CANDIDATES, CHOSEN, PARAMETERS, rings_of

Tables = tuple[pd.DataFrame, pd.DataFrame]
Tabling = Callable[[pd.DataFrame, np.random.Generator], Tables]
"""From the train table to what the champion learns from, and what the challenger does."""

SITES = 10
FEW_ANIMALS = 1000


def halves(train: pd.DataFrame, rng: np.random.Generator) -> Tables:
    """Two halves of the same animals, at random: neither model is better but by luck."""
    order = rng.permutation(len(train))
    return train.iloc[order[: len(train) // 2]], train.iloc[order[len(train) // 2 :]]


def more_animals(train: pd.DataFrame, rng: np.random.Generator) -> Tables:
    """A thousand animals, and all of them."""
    return train.iloc[rng.permutation(len(train))[:FEW_ANIMALS]], train


def more_sites(train: pd.DataFrame, rng: np.random.Generator) -> Tables:
    """All but two neighbours of ten stretches of the survey, and all of it."""
    stretches = np.array_split(np.arange(len(train)), SITES)
    first = rng.integers(SITES - 1)
    return train.drop(index=train.index[np.concatenate(stretches[first : first + 2])]), train


PAIRS: dict[str, Tabling] = {
    "two halves of the same animals": halves,
    "1,000 animals, then all 3,350": more_animals,
    "eight stretches of the survey, then all ten": more_sites,
}


def fit_artifact(table: pd.DataFrame, split: dict[str, float], random_state: int) -> Artifact:
    """Fit the chosen candidate as training does, but for the protocol of new sites, which the gate does not ask for."""
    needed = {name: CANDIDATES[name] for name in (*members(CANDIDATES, CHOSEN), CHOSEN)}
    folds = fold_numbers(table, **PARAMETERS["cross_validation"], random_state=random_state)
    out_of_fold = cross_validate(table, needed, {RANDOM: folds[RANDOM]}, random_state)
    scores = score_candidates(table, out_of_fold).set_index("candidate")
    point = build_estimator(CANDIDATES, CHOSEN, random_state).fit(table, rings_of(table))
    residuals = rings_of(table) - out_of_fold[RANDOM][CHOSEN].to_numpy()
    model = fit_intervals(point, table, residuals, **PARAMETERS["intervals"], random_state=random_state)
    return export_artifact(
        model,
        table,
        name=CHOSEN,
        parameters={},
        hyperparameters={},
        cross_validation={RANDOM: {"rmse": float(scores.loc[CHOSEN, "rmse"])}},
        reference={},
        split=split,
    )
