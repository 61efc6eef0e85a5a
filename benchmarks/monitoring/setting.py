"""What every section starts from: the survey, predictions of models that did not know the rows, and windows."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from abalone.model.candidates import build_estimator
from abalone.model.cross_validation import RANDOM, cross_validate, fold_numbers
from abalone.model.intervals import IntervalRegressor, fit_intervals
from abalone.model.reference import reference_distributions
from abalone.schema import IMPOSSIBLE, NUMBERS
from benchmarks.model.setting import CANDIDATES, CHOSEN, PROJECT, SEED, measurements, rings_of
from benchmarks.model.setting import PARAMETERS as TRAINING
from benchmarks.serving.progress import say

PARAMETERS = yaml.safe_load((PROJECT / "conf/base/parameters_monitoring.yml").read_text())["monitoring"]
WINDOW_ROWS = 500

Rows = NDArray[np.intp]


class Served(NamedTuple):
    """A model in service.

    Attributes:
        model: It did not know the rows `unseen`.
        metadata: What its artifact would say, as far as monitoring reads it.
        unseen: Rows of the survey that it can be asked about.
    """

    model: IntervalRegressor
    metadata: dict[str, Any]
    unseen: pd.DataFrame


@cache
def survey() -> pd.DataFrame:
    """Return the possible rows of the survey in collection order, as the train table has them."""
    rows = measurements()
    possible = np.logical_and.reduce([rows[column.name] > column.above for column in NUMBERS])
    for rule in IMPOSSIBLE:
        parts, whole = rows[list(rule.parts)].sum(axis=1), rows[rule.whole]
        possible &= parts < whole if rule.strict else parts <= whole
    return rows[possible].assign(batch="uci_abalone", line=np.flatnonzero(possible)).reset_index(drop=True)


@cache
def out_of_fold() -> dict[str, NDArray[np.float64]]:
    """Return for each protocol the predicted rings of models that did not know the row."""
    folds = fold_numbers(survey(), **TRAINING["cross_validation"], random_state=SEED)
    return {name: table[CHOSEN].to_numpy() for name, table in cross_validate(survey(), CANDIDATES, folds, SEED).items()}


def fit(known: Rows) -> IntervalRegressor:
    """Fit the chosen model and its intervals on rows of the survey, as the training pipeline does."""
    table = survey().iloc[known]
    point = build_estimator(CANDIDATES, CHOSEN, SEED).fit(table, rings_of(table))
    residuals = rings_of(table) - out_of_fold()[RANDOM][known]
    return fit_intervals(point, table, residuals, **TRAINING["intervals"], random_state=SEED)


def reference_of(known: Rows, model: IntervalRegressor) -> dict[str, Any]:
    """Return the reference that the artifact of a model of these rows has."""
    predicted = {protocol: numbers[known] for protocol, numbers in out_of_fold().items()}
    return reference_distributions(survey().iloc[known], predicted, model)


def served(known: Rows, unseen: Rows) -> Served:
    """Put a model of some rows into service for others."""
    model = fit(known)
    errors = rings_of(survey().iloc[known]) - out_of_fold()[RANDOM][known]
    metadata = {
        "reference": reference_of(known, model),
        "cross_validation": {RANDOM: {"rmse": float(np.sqrt(np.square(errors).mean()))}},
        "intervals": {"level": model.level},
    }
    return Served(model, metadata, survey().iloc[unseen].reset_index(drop=True))


def random_splits(count: int, seed: int) -> Iterator[Served]:
    """Put models of a random 80 % of the rows into service for the other 20 %."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        say(f"model {number + 1} of {count}")
        order = rng.permutation(len(survey()))
        yield served(np.sort(order[len(order) // 5 :]), order[: len(order) // 5])


def predict(model: IntervalRegressor, rows: pd.DataFrame) -> pd.DataFrame:
    """Add what the service answers: predicted_rings, lower and upper."""
    bounds = model.predict_interval(rows)
    return rows.assign(predicted_rings=model.predict(rows), lower=bounds.lower, upper=bounds.upper)
