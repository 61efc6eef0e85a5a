"""Whether a measurement comes in another unit than the model learnt it in.

Animals are as heavy as their size lets them be: the weights grow with the cube of the lengths. So a small animal is
none of wrong units, but a light animal of usual length is, and so is one weight that does not go with the others. Each
animal is judged by itself, as a fault that began yesterday is in few of them.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

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

_POWER = 3.0
"""Weights grow with this power of the lengths."""


def unit_findings(window: pd.DataFrame, known: pd.DataFrame, parameters: Mapping[str, Any]) -> list[Finding]:
    """Compare in how many animals a measurement does not go with the others with how many there were in training.

    Args:
        window: Traits of the served animals; measurements that it lacks are not looked at.
        known: Traits of animals that the model was trained on.
        parameters: `fold`: an animal is off from so many times larger or smaller than expected; `excess_share`: by how
            much the share of animals that are off, to one side, may exceed that in training; `minimum_count`: how many
            they have to be; `p_value`: the largest probability of so many that counts as a fault; `tolerance`: how many
            times off a known unit a change may be that is taken for it.

    Returns:
        A finding for each measurement; one for all lengths or all weights in the place of theirs, where these are at
        fault together.
    """
    lengths, weights = ([name for name in names if name in window] for names in (LENGTHS, WEIGHTS))
    usual = known[[*lengths, *weights]].median()
    served, trained = (_against_size(rows[usual.index] - usual, lengths, weights) for rows in (window, known))
    off = served["weights"].abs() > np.log(parameters["fold"])
    longer, heavier = served.loc[off, ["longer", "heavier"]].median().abs()
    together, members = ("lengths", lengths) if longer > heavier / _POWER else ("weights", weights)
    findings = {name: _finding(name, served[name], trained[name], parameters) for name in (together, *usual.index)}
    superseded = members if findings[together].drifted else [together]
    return [finding for name, finding in findings.items() if name not in superseded]


def _against_size(shift: pd.DataFrame, lengths: list[str], weights: list[str]) -> pd.DataFrame:
    """How far each measurement is from what the others of the animal let expect, all in logarithms.

    `longer` and `heavier` is the animal than usual; `lengths` and `weights` are how far these are from what the other
    lets expect.
    """
    longer = shift[lengths].median(axis=1)
    # of four weights, two of which are at fault, the size tells which
    heavier = shift[weights].assign(size=_POWER * longer).median(axis=1)
    return pd.concat([shift[lengths].sub(longer, axis=0), shift[weights].sub(heavier, axis=0)], axis=1).assign(
        longer=longer, heavier=heavier, lengths=longer - heavier / _POWER, weights=heavier - _POWER * longer
    )


def _finding(name: str, served: pd.Series, trained: pd.Series, parameters: Mapping[str, Any]) -> Finding:
    """Judge a measurement by the animals that are off to that side to which more are."""
    limit = np.log(parameters["fold"])
    side = 1.0 if (served > limit).sum() > (served < -limit).sum() else -1.0
    off = served[side * served > limit]
    count, share = len(off), len(off) / len(served)
    # one more, as none in a sample of the training is not never
    usual_share = ((side * trained > limit).sum() + 1) / (len(trained) + 1)
    threshold = float(usual_share + parameters["excess_share"])
    wrong = (
        share > threshold
        and count >= parameters["minimum_count"]
        and stats.binom.sf(count - 1, len(served), usual_share) <= parameters["p_value"]
    )
    verb = "are" if name in {"lengths", "weights"} else "is"
    detail = f"{spoken(name)} {verb} in the unit of the training"
    if wrong:
        times, unit = _change(name, float(off.median()), parameters["tolerance"])
        rows = f"{count:,} of {len(served):,} rows"
        detail = f"{spoken(name)} {verb} about {times} what goes with the other measurements in {rows}: {unit}?"
    return Finding(name, "unit", share, None, threshold, bool(wrong), detail)


def _change(name: str, change: float, tolerance: float) -> tuple[str, str]:
    """Write a change of the logarithm as a factor, and the unit that explains it."""
    units = _LENGTH_UNITS if name in {"lengths", *LENGTHS} else _WEIGHT_UNITS
    unit = min(units, key=lambda unit: abs(change - np.log(units[unit])))
    is_known = abs(change - np.log(units[unit])) < np.log(tolerance)
    size = np.exp(change)
    times = f"{_rounded(size)} times" if size > 1.0 else f"1/{_rounded(1.0 / size)} of"
    return times, unit if is_known else "another unit"


def _rounded(times: float) -> str:
    return f"{times:.2g}" if times < 10.0 else f"{times:,.0f}"  # noqa: PLR2004 - two digits are enough
