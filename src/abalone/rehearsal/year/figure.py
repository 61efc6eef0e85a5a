"""The year as a figure: the error by week, with and without monitoring."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from abalone.pipelines.evaluation.figures.style import BLUE, GREY, INK, ORANGE, dress, new_figure, set_heading
from abalone.rehearsal.year.played import FloatArray, PlayedWeek
from abalone.rehearsal.year.scenario import Scenario

WIDTH, HEIGHT = 9.0, 4.6
TRAILING_WEEKS = 5
SHADES = {"wrong scale": "#f6e7da", "new site": "#eef4f9", "laboratory closed": "#e4e8ec"}


def draw_year(weeks: Sequence[PlayedWeek], scenario: Scenario) -> Figure:
    """Draw the error by week.

    Args:
        weeks: Those that were played.
        scenario: What happened when.

    Returns:
        The figure.
    """
    figure = new_figure(WIDTH, HEIGHT)
    axes = figure.subplots()
    numbers = np.array([week.week for week in weeks])
    served, frozen = (
        _trailing([errors.sum() for errors in of_path], [len(week.animals) for week in weeks])
        for of_path in zip(*(week.squared_errors for week in weeks), strict=True)
    )
    axes.plot(numbers, frozen, color=ORANGE, linewidth=2)
    axes.plot(numbers, served, color=BLUE, linewidth=2)
    for label, errors, color, side in (
        ("first model,\nnever retrained", frozen, ORANGE, "bottom"),
        ("in service,\nretrained", served, BLUE, "top"),
    ):
        axes.text(numbers[-1] + 0.9, errors[-1], label, color=color, fontsize=9, va=side, linespacing=1.1)
    axes.fill_between(numbers, served, frozen, where=frozen >= served, color=BLUE, alpha=0.1, linewidth=0)
    axes.set_ylim(0, max(frozen.max(), served.max()) * 1.25)
    axes.set_xlim(0.5, numbers[-1] + 0.5)
    _shade(axes, scenario, int(numbers[-1]))
    _mark_promotions(axes, weeks)
    dress(axes, "week of the year", "typical error (RMSE), rings")
    figure.subplots_adjust(right=0.86)
    set_heading(
        figure,
        "The error over the year, with retraining and without",
        f"all animals of a week and of the {TRAILING_WEEKS - 1} before it; dashed: a retrained model goes into service",
    )
    return figure


def _trailing(sums: Sequence[float], rows: Sequence[int]) -> FloatArray:
    """RMSE over each week and those before it, so that nothing shows before it happens; fewer at the beginning."""
    spans = [slice(max(week - TRAILING_WEEKS + 1, 0), week + 1) for week in range(len(rows))]
    return np.array([np.sqrt(sum(sums[span]) / sum(rows[span])) for span in spans])


def _shade(axes: Axes, scenario: Scenario, last: int) -> None:
    spans = {
        "wrong scale": scenario.scale.weeks,
        "new site": (scenario.new_site.from_week, last),
        "laboratory closed": scenario.laboratory.closed,
    }
    top = axes.get_ylim()[1]
    for name, (first, end) in spans.items():
        if first <= last:
            axes.axvspan(first - 0.5, min(end, last) + 0.5, color=SHADES[name], linewidth=0, zorder=0)
            axes.text(first - 0.3, top * 0.985, name, fontsize=8, color=GREY, va="top")


def _mark_promotions(axes: Axes, weeks: Sequence[PlayedWeek]) -> None:
    for week in weeks:
        if week.successor:
            axes.axvline(week.week + 0.5, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
            axes.text(week.week + 0.8, 0.12, f"model {week.successor.number}", fontsize=8.5, color=INK)
