"""The figure of the two cross-validation protocols."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from abalone.model.cross_validation import NEW_SITE, RANDOM
from abalone.pipelines.evaluation.figures.style import BLUE, INK, ORANGE, PALE, dress, new_figure, readable, set_heading

_LABELS = {RANDOM: "sites the model has seen", NEW_SITE: "a site the model has never seen"}
_LOOK = {RANDOM: (BLUE, "o"), NEW_SITE: (ORANGE, "D")}


def draw_protocols(cross_validation: pd.DataFrame) -> Figure:
    """Draw the error of every candidate at known sites and at a new one.

    Args:
        cross_validation: One row a candidate and protocol, with columns candidate, protocol, rmse and
            rmse_standard_error (rings).

    Returns:
        The figure.
    """
    rmse = cross_validation.pivot_table(index="candidate", columns="protocol", values="rmse")
    error = cross_validation.pivot_table(index="candidate", columns="protocol", values="rmse_standard_error")
    rmse = rmse.sort_values(RANDOM, ascending=False)
    height = np.arange(len(rmse))
    figure = new_figure(height=1.7 + 0.42 * len(rmse))
    figure.subplots_adjust(left=0.2)
    axes = figure.add_subplot()
    axes.hlines(height, rmse.min(axis=1), rmse.max(axis=1), color=PALE, linewidth=5)
    for protocol, (colour, marker) in _LOOK.items():
        axes.errorbar(rmse[protocol], height, xerr=error.loc[rmse.index, protocol], fmt=marker, color=colour,
                      markersize=7, elinewidth=1.2, label=_LABELS[protocol])  # fmt: skip
    axes.set_yticks(height, [readable(str(name)) for name in rmse.index])
    axes.set_ylim(-0.6, len(rmse) - 0.4)
    axes.legend(loc="upper right", frameon=False, fontsize=9, labelcolor=INK)
    dress(axes, "error (RMSE) in rings, cross-validated on the train table")
    axes.tick_params(axis="y", labelcolor=INK)
    axes.grid(visible=False, axis="y")
    best = rmse.iloc[-1]
    change = best[NEW_SITE] / best[RANDOM] - 1
    set_heading(
        figure,
        f"At a new collection site the best model's error is {abs(change):.0%} {'higher' if change > 0 else 'lower'}",
        "whiskers: standard error over the folds; lower is better",
    )
    return figure
