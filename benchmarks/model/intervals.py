"""Calibration of the intervals on rows that neither model nor calibration has seen."""

import numpy as np
import pandas as pd

from abalone.model.metrics import coverage, mean_width, winkler_score
from benchmarks.model.accuracy import Fold, protocols
from benchmarks.model.setting import PARAMETERS, fit_chosen, measurements
from benchmarks.report import Bar, print_table

BINS = 7


def predicted(table: pd.DataFrame, folds: list[Fold]) -> pd.DataFrame:
    """Return actual and predicted rings and bounds of the test rows of all folds."""
    parts = []
    for train, test in folds:
        model, held_out = fit_chosen(table.iloc[train].reset_index(drop=True)), table.iloc[test]
        bounds = model.predict_interval(held_out)
        parts.append(
            pd.DataFrame(
                {
                    "actual": held_out["rings"].to_numpy(),
                    "rings": model.predict(held_out),
                    "lower": bounds.lower,
                    "upper": bounds.upper,
                }
            )
        )
    return pd.concat(parts)


def measure(repeats: int) -> list[Bar]:
    """Print the table of calibration and return its bars."""
    table, level = measurements(), PARAMETERS["intervals"]["level"]
    folds = protocols(len(table), repeats)
    rows, figures = [], {}
    for protocol in ("random", "blocks"):
        found = predicted(table, folds[protocol])
        bins = pd.qcut(found["rings"], BINS, labels=False)
        by_bin = [coverage(part["actual"], part["lower"], part["upper"]) for _, part in found.groupby(bins)]
        figures[protocol] = {
            "coverage": coverage(found["actual"], found["lower"], found["upper"]),
            "least of 7 bins": min(by_bin),
            "most of 7 bins": max(by_bin),
            "mean width": mean_width(found["lower"], found["upper"]),
            "Winkler": winkler_score(found["actual"], found["lower"], found["upper"], level),
            "contain the point": float(
                np.mean((found["lower"] <= found["rings"]) & (found["rings"] <= found["upper"]))
            ),
        }
        rows.append({"protocol": protocol, **{key: f"{value:.3f}" for key, value in figures[protocol].items()}})
    print_table(
        f"Intervals of nominal coverage {level}, in rings: 10-fold x {repeats}, and 10 blocks", pd.DataFrame(rows)
    )
    random = figures["random"]
    return [
        Bar("interval coverage, random CV", random["coverage"], low=0.89, high=0.915),
        Bar("interval coverage, least of 7 predicted-age bins", random["least of 7 bins"], low=0.86),
        Bar("interval coverage, contiguous blocks", figures["blocks"]["coverage"], low=0.88),
        Bar("interval width (rings)", random["mean width"], high=6.2),
        Bar("Winkler score (rings)", random["Winkler"], high=8.2),
        Bar("intervals that contain the point", random["contain the point"], low=1.0),
    ]
