"""The error and the intervals of the model from window to window."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from abalone.pipelines.evaluation.figures.style import BLUE, INK, ORANGE, dress, new_figure, set_heading

_WIDTH, _HEIGHT = 8.6, 3.4


def draw_course(measured: pd.DataFrame, performance: Mapping[str, Any] | None) -> Figure:
    """Draw the error and the coverage over time, with the promised levels.

    Args:
        measured: At least two windows with labels: columns to (UTC), rmse (rings) and interval_coverage (0 to 1).
        performance: Of the report: what was promised, and how certain the last window is; None without labels.

    Returns:
        The figure.
    """
    figure = new_figure(_WIDTH, _HEIGHT)
    error, coverage = (figure.add_subplot(1, 2, place) for place in (1, 2))
    figure.subplots_adjust(wspace=0.3)
    promised_rmse = performance["promised_rmse"] if performance else None
    promised_coverage = performance["promised_coverage"] if performance else None
    _draw(error, measured["to"], measured["rmse"], promised_rmse, performance and performance["rmse"])
    _draw(
        coverage,
        measured["to"],
        measured["interval_coverage"],
        promised_coverage,
        performance and performance["coverage"],
    )
    error.set_ylim(bottom=0)
    coverage.set_ylim(top=1.02)
    coverage.yaxis.set_major_formatter("{x:.0%}")
    dress(error, "", "error (RMSE), rings")
    dress(coverage, "", "counts inside interval")
    set_heading(
        figure,
        "The error, and how often the interval holds the count",
        "each point: a window with counted rings; dashed: what was promised; bar: its confidence interval",
    )
    return figure


def _draw(
    axes: Axes,
    times: "pd.Series[pd.Timestamp]",
    values: "pd.Series[float]",
    promised: float | None,
    last: Mapping[str, float] | None,
) -> None:
    axes.plot(times, values, color=BLUE, linewidth=1.4, marker="o", markersize=5)
    if last is not None:
        axes.vlines(times.iloc[-1:], last["lower"], last["upper"], color=BLUE, linewidth=2.4, alpha=0.5)
    if promised is not None:
        axes.axhline(promised, color=ORANGE, linewidth=1.4, linestyle=(0, (4, 3)))
        axes.annotate("promised", (0, promised), (2, 4), xycoords=("axes fraction", "data"),
                      textcoords="offset points", fontsize=9, color=INK)  # fmt: skip
    locator = AutoDateLocator(minticks=2, maxticks=6)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.margins(x=0.06, y=0.15)
