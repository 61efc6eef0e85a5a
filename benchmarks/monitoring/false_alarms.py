"""How often something is found where nothing has changed."""

from typing import Any

import numpy as np
import pandas as pd

from abalone.pipelines.monitoring.drift import detect_drift
from benchmarks.monitoring.setting import (
    PARAMETERS,
    RANDOM,
    WINDOW_ROWS,
    Rows,
    fit,
    out_of_fold,
    predict,
    reference_of,
    served,
    survey,
)
from benchmarks.report import Bar, print_table, share
from benchmarks.serving.progress import say

STRIDE = 100
"""Contiguous windows that start within so many rows share a model, which knows none of their rows."""


def measure(windows: int, seed: int) -> list[Bar]:
    """Print the table and return the bars."""
    kinds = {
        "random rows of the sites known": random_windows(windows, seed),
        "contiguous rows of a site left out": new_sites(windows, seed),
    }
    print_table(
        f"False alarms in windows of {WINDOW_ROWS} rows without drift",
        pd.DataFrame(
            {
                "windows": name,
                "number": len(found),
                "drift detected": share([each["detected"] for each in found]),
                "beyond a new site": share([each["beyond_new_site"] for each in found]),
                "stuck or unit": share([_has_fault(each) for each in found]),
            }
            for name, found in kinds.items()
        ),
    )
    known, sites = kinds.values()
    return [
        Bar("false alarms, random rows: drift", np.mean([each["detected"] for each in known]), high=0.05),
        Bar(
            "false alarms, a site left out: beyond a new site",
            np.mean([s["beyond_new_site"] for s in sites]),
            high=0.05,
        ),
        Bar("false alarms, either: stuck sensor or unit", np.mean([_has_fault(s) for s in known + sites]), high=0.01),
    ]


def random_windows(windows: int, seed: int) -> list[dict[str, Any]]:
    """Split the survey at random, again for each window: its rows, and the others as what the model was trained on.

    The predictions are those of cross-validation on both sides.
    """
    rng = np.random.default_rng(seed)
    model = fit(np.arange(len(survey())))
    predicted = survey().assign(predicted_rings=out_of_fold()[RANDOM])
    found = []
    for number in range(windows):
        if number % 100 == 0:
            say(f"random window {number + 1} of {windows}")
        order = rng.permutation(len(survey()))
        reference = reference_of(np.sort(order[WINDOW_ROWS:]), model)
        window = predicted.iloc[order[:WINDOW_ROWS]]
        found.append(detect_drift(window, window, reference, PARAMETERS["drift"]))
    return found


def new_sites(windows: int, seed: int) -> list[dict[str, Any]]:
    """Draw contiguous windows, each served by a model of which they were left out."""
    starts = np.sort(np.random.default_rng(seed).integers(len(survey()) - WINDOW_ROWS, size=windows))
    found = []
    for first in np.unique(starts // STRIDE) * STRIDE:
        say(f"windows that start from row {first + 1} of {len(survey())}")
        left_out: Rows = np.arange(first, min(first + STRIDE + WINDOW_ROWS, len(survey())))
        site = served(np.setdiff1d(np.arange(len(survey())), left_out), left_out)
        rows = predict(site.model, site.unseen)
        for start in starts[starts // STRIDE * STRIDE == first] - first:
            window = rows.iloc[start : start + WINDOW_ROWS]
            found.append(detect_drift(window, window, site.metadata["reference"], PARAMETERS["drift"]))
    return found


def _has_fault(drift: dict[str, Any]) -> bool:
    return any(test["drifted"] for test in drift["tests"] if test["kind"] in {"stuck", "unit"})
