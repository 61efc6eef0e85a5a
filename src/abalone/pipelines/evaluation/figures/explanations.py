"""Figures of what the predictions depend on."""

import pandas as pd
from matplotlib.figure import Figure

from abalone.pipelines.evaluation.figures.style import BLUE, GREY, INK, dress, new_figure, readable, set_heading
from abalone.schema import GRAMS_PER_UNIT, MILLIMETRES_PER_UNIT, NUMBERS


def draw_permutation_importance(importance: pd.DataFrame) -> Figure:
    """Draw by how much the error grows when one measurement is shuffled.

    Args:
        importance: What `permutation_importance` returns.

    Returns:
        The figure.
    """
    rising = importance.iloc[::-1]
    figure = new_figure()
    figure.subplots_adjust(left=0.2)
    axes = figure.add_subplot()
    names = [readable(name) for name in rising["measurement"]]
    axes.barh(names, rising["rmse_increase"], xerr=rising["standard_deviation"], height=0.62, color=BLUE,
              error_kw={"ecolor": INK, "elinewidth": 1.2})  # fmt: skip
    dress(axes, "increase of the error (RMSE) in rings when the measurement is shuffled")
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", labelcolor=INK)
    set_heading(
        figure,
        f"{names[-1].capitalize()} says most about the age, then {names[-2]}",
        "raw measurements of the test set; whiskers: standard deviation over the shuffles",
    )
    return figure


def draw_partial_dependence(dependence: pd.DataFrame) -> Figure:
    """Draw how the prediction follows each measurement when the others stay as they are.

    Args:
        dependence: What `partial_dependence` returns.

    Returns:
        The figure.
    """
    figure = new_figure(width=8.4, height=4.6)
    grid = figure.add_gridspec(2, 4, hspace=0.62, wspace=0.12)
    spread = dependence.groupby("measurement")["mean"].agg(lambda mean: mean.max() - mean.min())
    first = None
    for position, column in enumerate(NUMBERS):
        curve = dependence[dependence["measurement"] == column.name]
        length = column.unit.startswith("mm")
        scale, unit = (MILLIMETRES_PER_UNIT, "mm") if length else (GRAMS_PER_UNIT, "g")
        axes = figure.add_subplot(grid[divmod(position, 4)], sharey=first)
        first = first or axes
        value = curve["value"].to_numpy() * scale
        axes.fill_between(value, curve["lower"], curve["upper"], color=BLUE, alpha=0.15, linewidth=0)
        axes.plot(value, curve["mean"], color=BLUE, linewidth=2)
        dress(axes, f"{readable(column.name)}, {unit}", "predicted rings" if position % 4 == 0 else "")
        axes.locator_params(nbins=4)
        axes.tick_params(labelleft=position % 4 == 0)
    figure.text(
        0.765, 0.36, "line: mean of the animals\nband: the middle 80% of them", fontsize=8.5, color=GREY, va="top"
    )
    set_heading(
        figure,
        f"Predicted rings change most with {readable(str(spread.idxmax()))}",
        "one measurement is changed, the others stay as they are; within the range of the data",
    )
    return figure
