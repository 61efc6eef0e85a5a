"""Accuracy of every contender on the same folds: random, contiguous blocks, Waugh's split, 80/20."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import RepeatedKFold, train_test_split

from benchmarks.model.contenders import CHOSEN_CONTENDER, CONTENDERS, Contender
from benchmarks.model.setting import SEED, measurements, rings_of
from benchmarks.report import Bar, print_table

WAUGH_TRAIN_ROWS = 3133
"""Rows of the training set in Waugh (1995); the last 1,044 are the test set."""

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


def protocols(rows: int, repeats: int) -> dict[str, list[Fold]]:
    """Return the train and test row numbers of each protocol."""
    every = np.arange(rows)
    random = RepeatedKFold(n_splits=10, n_repeats=repeats, random_state=SEED).split(every)
    return {
        "random": list(random),
        "blocks": [(np.setdiff1d(every, block), block) for block in np.array_split(every, 10)],
        "waugh": [(every[:WAUGH_TRAIN_ROWS], every[WAUGH_TRAIN_ROWS:])],
        "holdout": [tuple(train_test_split(every, test_size=0.2, random_state=42))],
    }


def errors(contender: Contender, table: pd.DataFrame, folds: list[Fold]) -> list[NDArray[np.float64]]:
    """Return the errors on the test rows of each fold, in rings."""
    return [contender(table.iloc[train], table.iloc[test]) - rings_of(table.iloc[test]) for train, test in folds]


def fold_mean(values: list[float]) -> tuple[float, float]:
    """Return the mean over the folds and its standard error."""
    return float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))


def pooled_rmse(by_fold: list[NDArray[np.float64]]) -> tuple[float, float]:
    """Return the RMSE of all rows, and its standard error: from the spread between folds, or rows if there is one."""
    squares = [np.square(fold) for fold in by_fold]
    rmse = float(np.sqrt(np.mean(np.concatenate(squares))))
    units = np.array([fold.mean() for fold in squares]) if len(squares) > 1 else squares[0]
    return rmse, float(units.std(ddof=1) / np.sqrt(len(units)) / (2.0 * rmse))


def measure(repeats: int) -> list[Bar]:
    """Print the table of all contenders and return the bars of the chosen model."""
    table = measurements()
    by_protocol = protocols(len(table), repeats)
    rows, bars = [], []
    for name, contender in CONTENDERS.items():
        found = {protocol: errors(contender, table, folds) for protocol, folds in by_protocol.items()}
        figures = {
            "CV RMSE": fold_mean([float(np.sqrt(np.mean(np.square(fold)))) for fold in found["random"]]),
            "CV MAE": fold_mean([float(np.mean(np.abs(fold))) for fold in found["random"]]),
            "CV RMSE, pooled": pooled_rmse(found["random"]),
            "blocks RMSE": pooled_rmse(found["blocks"]),
            "Waugh RMSE": pooled_rmse(found["waugh"]),
            "80/20 RMSE": pooled_rmse(found["holdout"]),
        }
        rows.append({"model": name, **{key: f"{value:.3f} ± {se:.3f}" for key, (value, se) in figures.items()}})
        if name == CHOSEN_CONTENDER:
            bars = [
                Bar("random CV, RMSE (rings)", figures["CV RMSE"][0], high=2.04),
                Bar("random CV, MAE (rings)", figures["CV MAE"][0], high=1.45),
                Bar("contiguous blocks, pooled RMSE (rings)", figures["blocks RMSE"][0], high=2.10),
                Bar("Waugh's split, RMSE (rings)", figures["Waugh RMSE"][0], high=1.975),
                Bar("80/20 split, seed 42, RMSE (rings)", figures["80/20 RMSE"][0], high=2.085),
            ]
    print_table(
        f"Accuracy on {len(table)} rows: 10-fold x {repeats}, mean of folds ± standard error", pd.DataFrame(rows)
    )
    return bars
