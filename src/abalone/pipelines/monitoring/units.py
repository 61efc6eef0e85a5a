"""Whether a measurement comes in another unit than the model learnt it in.

Animals are as heavy as their size lets them be: the weights grow with the cube of the lengths. So a batch of small
animals is none of wrong units, but light animals of usual length are, and so is one weight that does not go with the
others.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from abalone.pipelines.monitoring.findings import Finding
from abalone.pipelines.monitoring.naming import LENGTHS, WEIGHTS, spoken
from abalone.schema import GRAMS_PER_UNIT, MILLIMETRES_PER_UNIT

_MM_PER = {"centimetres": 10.0, "inches": 25.4, "metres": 1000.0}
_G_PER = {"ounces": 28.349523125, "pounds": 453.59237, "kilograms": 1000.0, "milligrams": 0.001}

_LENGTH_UNITS = {
    **{f"{unit} for millimetres": 1.0 / millimetres for unit, millimetres in _MM_PER.items()},
    f"millimetres that are not divided by {MILLIMETRES_PER_UNIT:.0f}": MILLIMETRES_PER_UNIT,
    **{f"plain {unit}": MILLIMETRES_PER_UNIT / millimetres for unit, millimetres in _MM_PER.items()},
}
_WEIGHT_UNITS = {
    **{f"{unit} for grams": 1.0 / grams for unit, grams in _G_PER.items()},
    f"grams that are not divided by {GRAMS_PER_UNIT:.0f}": GRAMS_PER_UNIT,
    **{f"plain {unit}": GRAMS_PER_UNIT / grams for unit, grams in _G_PER.items() if unit != "milligrams"},
}
"""By how much values are multiplied that come in another unit, for each mistake that people make."""

_GROUPS = {"lengths", "weights"}

_POWER = 3.0
"""Weights grow with this power of the lengths."""


def unit_findings(window: pd.DataFrame, known: pd.DataFrame, parameters: Mapping[str, Any]) -> list[Finding]:
    """Compare the size of each measurement with what the others let expect.

    Args:
        window: Traits of the served animals.
        known: Traits of animals that the model was trained on.
        parameters: `fold`: how many times larger or smaller than expected a measurement may be in the median;
            `tolerance`: how many times off a known unit a change may be that is taken for it.

    Returns:
        A finding for all lengths or all weights when they are all at fault, otherwise one for each of them.
    """
    columns = [*LENGTHS, *WEIGHTS]
    shift = window[columns].median() - known[columns].median()
    longer, heavier = shift[list(LENGTHS)].median(), shift[list(WEIGHTS)].median()
    limit = np.log(parameters["fold"])
    mismatch = heavier - _POWER * longer
    lengths_at_fault = abs(longer) > abs(heavier) / _POWER
    findings = []
    for group, members, middle, expected, units in (
        ("lengths", LENGTHS, longer, heavier / _POWER if lengths_at_fault else longer, _LENGTH_UNITS),
        ("weights", WEIGHTS, heavier, heavier if lengths_at_fault else _POWER * longer, _WEIGHT_UNITS),
    ):
        if abs(mismatch) > limit and middle != expected:
            findings.append(_finding(group, middle - expected, middle, units, parameters))
        else:
            findings += [_finding(name, shift[name] - middle, shift[name], units, parameters) for name in members]
    return findings


def _finding(
    name: str, change: float, plain_change: float, units: Mapping[str, float], parameters: Mapping[str, Any]
) -> Finding:
    """Judge a change of the logarithm; the unit may explain it with or without the animals' size taken off."""
    verb = "are" if name in _GROUPS else "is"
    fold = float(np.exp(abs(change)))
    wrong = fold > parameters["fold"]
    if not wrong:
        detail = f"{spoken(name)} {verb} in the unit of the training"
    else:
        distance, unit, explained = min(
            (abs(explained - np.log(factor)), unit, explained)
            for unit, factor in units.items()
            for explained in (change, plain_change)
        )
        known = distance < np.log(parameters["tolerance"])
        size = np.exp(explained if known else change)
        times = f"{_rounded(size)} times" if size > 1.0 else f"1/{_rounded(1.0 / size)} of"
        detail = f"{spoken(name)} {verb} about {times} the training's: {unit if known else 'another unit'}?"
    return Finding(name, "unit", fold, None, float(parameters["fold"]), bool(wrong), detail)


def _rounded(times: float) -> str:
    return f"{times:.1f}" if times < 10.0 else f"{times:,.0f}"  # noqa: PLR2004 - two digits are enough
