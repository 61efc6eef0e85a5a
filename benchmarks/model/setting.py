"""What every section of the benchmark starts from: the data, the parameters and the chosen model."""

from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray
from sklearn.model_selection import KFold

from abalone.model.candidates import build_estimator, members
from abalone.model.cross_validation import out_of_fold
from abalone.model.intervals import IntervalRegressor, fit_intervals

PROJECT = Path(__file__).parents[2]
PARAMETERS = yaml.safe_load((PROJECT / "conf/base/parameters_training.yml").read_text())["training"]
CANDIDATES, SEED = PARAMETERS["candidates"], PARAMETERS["random_state"]
CHOSEN = "average"


def measurements() -> pd.DataFrame:
    """Return all 4,177 rows of the UCI data in collection order, impossible ones included."""
    return pd.read_csv(PROJECT / "data/01_raw/landing/uci_abalone.csv")


def rings_of(table: pd.DataFrame) -> NDArray[np.float64]:
    """Return the target, shape (rows,)."""
    return table["rings"].to_numpy(dtype=np.float64)


def fit_chosen(table: pd.DataFrame) -> IntervalRegressor:
    """Fit the chosen model and its intervals, as the training pipeline does."""
    settings = PARAMETERS["cross_validation"]
    numbers = np.empty(len(table), dtype=np.intp)
    folds = KFold(settings["folds"], shuffle=True, random_state=SEED).split(table)
    for fold, (_, held_out) in enumerate(folds):
        numbers[held_out] = fold
    names = members(CANDIDATES, CHOSEN)
    predicted = np.mean(
        [out_of_fold(build_estimator(CANDIDATES, name, SEED), table, numbers) for name in names], axis=0
    )
    point = build_estimator(CANDIDATES, CHOSEN, SEED).fit(table, rings_of(table))
    residuals = rings_of(table) - predicted
    return fit_intervals(point, table, residuals, **PARAMETERS["intervals"], random_state=SEED)
