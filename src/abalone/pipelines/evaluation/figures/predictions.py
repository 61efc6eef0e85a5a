"""Figures of the predictions of the test rows."""

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from abalone.pipelines.evaluation.bands import band_names, band_of
from abalone.pipelines.evaluation.figures.style import BLUE, GREY, INK, ORANGE, PALE, dress, new_figure, set_heading


def draw_predicted_vs_actual(predictions: pd.DataFrame, parameters: Mapping[str, Any]) -> Figure:
    """Draw the counted rings over the predicted ones, with each animal's interval.

    Args:
        predictions: `test_predictions`.
        parameters: `evaluation.figures`.

    Returns:
        The figure.
    """
    rng = np.random.default_rng(parameters["random_state"])
    shown = predictions.sample(min(len(predictions), parameters["points"]), random_state=rng)
    inside = _inside(shown)
    # Counts are whole numbers: without a jitter most animals would hide behind others.
    counted = shown["rings"].to_numpy() + rng.uniform(-0.3, 0.3, len(shown))
    predicted = shown["predicted"].to_numpy()

    figure = new_figure(height=4.6)
    axes = figure.add_subplot()
    axes.vlines(predicted, shown["lower"], shown["upper"], color=BLUE, alpha=0.09, linewidth=1.6)
    axes.plot([], [], color=BLUE, alpha=0.35, linewidth=5, label="interval")
    axes.scatter(predicted[inside], counted[inside], s=9, color=BLUE, alpha=0.75, linewidths=0, label="count inside")
    axes.scatter(
        predicted[~inside], counted[~inside], s=20, color=ORANGE, marker="x", linewidths=1.2, label="count outside"
    )
    ends = [predicted.min(), predicted.max()]
    axes.plot(ends, ends, color=INK, linewidth=1, linestyle=(0, (4, 3)), label="count = prediction")
    axes.legend(loc="upper left", frameon=False, fontsize=9, labelcolor=INK)
    dress(axes, "predicted rings (age in years = rings + 1.5)", "counted rings")
    set_heading(
        figure,
        f"{_inside(predictions).mean():.0%} of the ring counts fall inside their interval",
        f"{len(shown):,} animals of the test set; counts jittered by up to 0.3 rings",
    )
    return figure


def draw_residuals_by_age_band(predictions: pd.DataFrame, age_bands: list[int]) -> Figure:
    """Draw the distribution of the residuals in each band of counted rings.

    Args:
        predictions: `test_predictions`.
        age_bands: First ring count of every band but the youngest.

    Returns:
        The figure.
    """
    band = band_of(predictions["rings"], age_bands)
    residual = predictions["residual"].to_numpy()
    groups = {
        name: residual[band == number] for number, name in enumerate(band_names(age_bands)) if np.any(band == number)
    }
    figure = new_figure()
    axes = figure.add_subplot()
    axes.axhline(0, color=INK, linewidth=1)
    axes.boxplot(
        list(groups.values()),
        widths=0.55,
        patch_artist=True,
        boxprops={"facecolor": BLUE, "alpha": 0.3, "linewidth": 0},
        medianprops={"color": BLUE, "linewidth": 2.2},
        whiskerprops={"color": GREY},
        capprops={"linewidth": 0},
        flierprops={"marker": "o", "markersize": 2.6, "markerfacecolor": GREY, "markeredgewidth": 0, "alpha": 0.6},
    )
    axes.set_xticks(range(1, len(groups) + 1), [f"{name}\n{len(values):,} animals" for name, values in groups.items()])
    dress(axes, "counted rings", "counted minus predicted rings")
    axes.grid(visible=False, axis="x")
    axes.locator_params(axis="y", integer=True)
    medians = {name: float(np.median(values)) for name, values in groups.items()}
    worst = max(medians, key=lambda name: abs(medians[name]))
    direction = "young" if medians[worst] > 0 else "old"
    set_heading(
        figure,
        f"Animals with {worst} rings are predicted {abs(medians[worst]):.1f} rings too {direction}",
        "median (line), middle half (box), and the rest of the test set, by the age under the microscope",
    )
    return figure


def draw_interval_coverage(predictions: pd.DataFrame, level: float, parameters: Mapping[str, Any]) -> Figure:
    """Draw the share of counts inside their interval, from young to old predictions.

    Args:
        predictions: `test_predictions`.
        level: Nominal coverage of the intervals.
        parameters: `evaluation.figures`.

    Returns:
        The figure.
    """
    ordered = predictions.sort_values("predicted", ignore_index=True)
    bins = [rows for rows in np.array_split(np.arange(len(ordered)), parameters["coverage_bins"]) if len(rows)]
    predicted, inside = ordered["predicted"].to_numpy(), _inside(ordered)
    centre = np.array([predicted[rows].mean() for rows in bins])
    coverage = np.array([inside[rows].mean() for rows in bins])
    size = np.array([len(rows) for rows in bins], dtype=np.float64)
    lower, upper = wilson_interval(coverage, size, confidence=0.95)

    figure = new_figure()
    axes = figure.add_subplot()
    axes.axhline(level, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.annotate(f"nominal {level * 100:g}%", (1, level), (0, 4), xycoords=("axes fraction", "data"),
                  textcoords="offset points", ha="right", fontsize=9, color=INK)  # fmt: skip
    axes.hlines(coverage, [predicted[rows[0]] for rows in bins], [predicted[rows[-1]] for rows in bins],
                color=PALE, linewidth=5)  # fmt: skip
    axes.vlines(centre, lower, upper, color=BLUE, linewidth=2)
    axes.scatter(centre, coverage, s=52, color=BLUE, zorder=3)
    axes.set_ylim(min(0.7, lower.min() - 0.02), 1.005)
    axes.yaxis.set_major_formatter("{x:.0%}")
    dress(axes, "predicted rings", "counts inside the interval")
    set_heading(
        figure,
        f"From young to old, {coverage.min():.0%} to {coverage.max():.0%} are inside (nominal {level * 100:g}%)",
        f"{len(bins)} groups of {int(size.min()):,} animals by predicted rings; bars: 95% confidence (Wilson)",
    )
    return figure


def wilson_interval(
    share: NDArray[np.float64], size: NDArray[np.float64], confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Confidence interval of a share (Wilson, 1927).

    Args:
        share: Observed shares, shape (n,).
        size: Number of observations behind each, shape (n,).
        confidence: Confidence level between 0 and 1.

    Returns:
        Lower and upper bounds, each of shape (n,).
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z / (1 + z**2 / size) * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    return middle - half, middle + half


def _inside(predictions: pd.DataFrame) -> NDArray[np.bool_]:
    inside = predictions["rings"].between(predictions["lower"], predictions["upper"])
    return inside.to_numpy(dtype=np.bool_)
