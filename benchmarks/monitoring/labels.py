"""How often a growth of the error is found, and how often one is where there is none."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abalone.pipelines.monitoring.performance import measure_performance
from benchmarks.monitoring.best_test import best_power, information
from benchmarks.monitoring.setting import PARAMETERS, Served, predict, random_splits
from benchmarks.report import Bar, print_table, share

GROWTH = 1.15
LABELS = (100, 300, 500)
WINDOWS_A_MODEL = 4

Change = Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]]
"""From errors, actual minus predicted rings, to errors of which the root mean square is 15 % larger."""


def measure(windows: int, seed: int) -> list[Bar]:
    """Print the table and return the bars.

    The labels of a window are drawn without replacement from the rows that the model did not know. Whole numbers of
    rings are left as the change makes them, because rounding adds an error of its own.
    """
    rng = np.random.default_rng(seed)
    found: dict[tuple[str, int], list[Mapping[str, Any]]] = {(name, rows): [] for name in CHANGES for rows in LABELS}
    for service in random_splits(windows // WINDOWS_A_MODEL, seed):
        answered = predict(service.model, service.unseen)
        for (name, rows), performances in found.items():
            performances += [_examine(service, answered, rows, CHANGES[name], rng) for _ in range(WINDOWS_A_MODEL)]
    print_table(
        f"Error of labelled rows, {windows} windows each",
        pd.DataFrame(
            {
                "change": name,
                "labels": rows,
                "error worse": share([each["worse"] for each in performances]),
                "coverage low": share([each["coverage_low"] for each in performances]),
                "either": share([each["worse"] or each["coverage_low"] for each in performances]),
            }
            for (name, rows), performances in found.items()
        ),
    )
    told, alpha = information(seed), PARAMETERS["performance"]["error_alpha"]
    print_table(
        f"Every error {GROWTH - 1.0:.0%} larger, by the best possible test at {alpha:.0%}",
        pd.DataFrame({"labels": rows, "found": f"{best_power(told, rows, GROWTH, alpha):.1%}"} for rows in LABELS),
    )
    either = {
        key: np.mean([each["worse"] or each["coverage_low"] for each in each_of]) for key, each_of in found.items()
    }
    unchanged, *changed = CHANGES
    return [
        Bar("false alarms of 300 labels", float(either[unchanged, 300]), high=0.05),
        *(Bar(f"found in 300 labels: {name}", float(either[name, 300]), low=LEAST[name]) for name in changed),
        *(Bar(f"found in 500 labels: {name}", float(either[name, 500]), low=0.95) for name in changed),
    ]


def _examine(
    service: Served, answered: pd.DataFrame, labels: int, change: Change, rng: np.random.Generator
) -> Mapping[str, Any]:
    rows = answered.iloc[rng.permutation(len(answered))[:labels]]
    errors = (rows["rings"] - rows["predicted_rings"]).to_numpy()
    changed = rows.assign(rings=rows["predicted_rings"] + change(errors, rng))
    found = measure_performance(changed, service.metadata["reference"], service.metadata, PARAMETERS["performance"])
    if found is None:
        raise AssertionError("a window of labels has been taken for none")
    return found


def _more_noise(errors: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    return errors + rng.normal(0.0, np.sqrt(GROWTH**2 - 1.0) * np.sqrt(np.square(errors).mean()), len(errors))


def _biased(errors: NDArray[np.float64], _: np.random.Generator) -> NDArray[np.float64]:
    return errors + np.sqrt(GROWTH**2 - 1.0) * np.sqrt(np.square(errors).mean())


CHANGES: dict[str, Change] = {
    "none": lambda errors, _: errors,
    "every error 15 % larger": lambda errors, _: GROWTH * errors,
    "noise of the counting: RMSE 15 % larger": _more_noise,
    "all rings higher by the same: RMSE 15 % larger": _biased,
}
LEAST = dict(zip(list(CHANGES)[1:], (0.85, 0.95, 0.95), strict=True))
"""Errors that only grow in proportion are not found more often by the best possible test, by much (`best_test`)."""
