"""The animals that were asked about beside those that the model learnt from."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from abalone.model.traits import PREDICTED_RINGS
from abalone.pipelines.evaluation.figures.style import BLUE, GREY, INK, ORANGE, dress, new_figure, readable, set_heading
from abalone.pipelines.monitoring.naming import SEXES, UNITS
from abalone.schema import NUMBER_NAMES, SEX

BINS = 24

_COLUMNS = 3
_MOST_NAMED = 3
_WIDTH, _HEIGHT = 8.6, 6.0
_BAR_WIDTH = 0.38

Floats = NDArray[np.float64]


def draw_distributions(
    served: pd.DataFrame, sample: pd.DataFrame, sexes: Mapping[str, float], drifted: Collection[str]
) -> Figure:
    """Draw each measurement, the predicted rings and the sexes of both.

    Args:
        served: At least one row that was asked about: sex, the numbers of the schema and predicted_rings.
        sample: Rows of the training table with the same numbers.
        sexes: Share of each sex in the training table.
        drifted: Names of what has changed, which is drawn in another colour.

    Returns:
        The figure.
    """
    figure = new_figure(_WIDTH, _HEIGHT)
    panels = (*NUMBER_NAMES, PREDICTED_RINGS, SEX.name)
    grid = figure.add_gridspec(-(-len(panels) // _COLUMNS), _COLUMNS, hspace=0.55, wspace=0.12)
    for place, name in enumerate(panels):
        axes = figure.add_subplot(grid[divmod(place, _COLUMNS)])
        colour = ORANGE if name in drifted else BLUE
        if name == SEX.name:
            _draw_sexes(axes, served, sexes, colour)
            unit = ""
        else:
            scale, unit = UNITS.get(name, (1.0, ""))
            known, asked = (table[name].to_numpy(dtype=np.float64) * scale for table in (sample, served))
            _draw_numbers(axes, known, asked, colour)
        dress(axes, f"{readable(name)}{unit and f', {unit}'}{'  (changed)' if name in drifted else ''}")
        axes.xaxis.label.set_color(ORANGE if name in drifted else INK)
        axes.grid(visible=False)
        axes.tick_params(labelleft=False)
    set_heading(
        figure,
        _title([readable(name) for name in panels if name in drifted]),
        f"line: the {len(served):,} animals that were asked about; grey: those that the model learnt from",
    )
    return figure


def _title(changed: list[str]) -> str:
    if not changed:
        return "None of these is seen to have changed"
    return f"Changed: {', '.join(changed)}" if len(changed) <= _MOST_NAMED else f"{len(changed)} of these have changed"


def _draw_numbers(axes: Axes, known: Floats, asked: Floats, colour: str) -> None:
    # A single animal of twice the size would push all others into one bin.
    low, high = np.quantile(asked, [0.005, 0.995])
    edges = np.linspace(min(low, np.quantile(known, 0.001)), max(high, np.quantile(known, 0.999)), BINS + 1)
    shares = [np.histogram(np.clip(values, edges[0], edges[-1]), edges)[0] / len(values) for values in (known, asked)]
    axes.stairs(shares[0], edges, fill=True, color=GREY, alpha=0.35)
    axes.stairs(shares[1], edges, color=colour, linewidth=1.8)


def _draw_sexes(axes: Axes, served: pd.DataFrame, sexes: Mapping[str, float], colour: str) -> None:
    asked = served[SEX.name].value_counts(normalize=True)
    places = np.arange(len(SEX.values))
    known = [sexes[value] for value in SEX.values]
    axes.bar(places - _BAR_WIDTH / 2, known, _BAR_WIDTH, color=GREY, alpha=0.35)
    axes.bar(
        places + _BAR_WIDTH / 2,
        [asked.get(value, 0.0) for value in SEX.values],
        _BAR_WIDTH,
        fill=False,
        edgecolor=colour,
        linewidth=1.8,
    )
    axes.set_xticks(places, [SEXES[value] for value in SEX.values])
