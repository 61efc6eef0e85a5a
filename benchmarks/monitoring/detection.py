"""How often changes of the animals, and faults of the measuring, are found."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from abalone.pipelines.monitoring.drift import detect_drift
from abalone.schema import NUMBER_NAMES, SEX
from benchmarks.monitoring.setting import PARAMETERS, WINDOW_ROWS, random_splits
from benchmarks.report import Bar, print_table, share

LENGTHS, WEIGHTS = NUMBER_NAMES[:3], NUMBER_NAMES[3:]
GRAMS_PER_OUNCE = 28.349523125
WINDOWS_A_MODEL = 2

Change = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]
"""From the rows that a model can be asked about to a window of them that is changed."""


def measure(windows: int, seed: int) -> list[Bar]:
    """Print the table and return the bars."""
    rng = np.random.default_rng(seed)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in CHANGES}
    for service in random_splits(windows // WINDOWS_A_MODEL, seed):
        for name, change in list(CHANGES.items()) * WINDOWS_A_MODEL:
            window = change(service.unseen, rng)
            window = window.assign(predicted_rings=service.model.predict(window))
            found[name].append(detect_drift(window, window, service.metadata["reference"], PARAMETERS["drift"]))
    rows, bars = [], []
    for name, drifts in found.items():
        detected = [drift["detected"] for drift in drifts]
        named = [FAULTS[name] <= set(_faults(drift)) for drift in drifts] if name in FAULTS else None
        beyond = share([drift["beyond_new_site"] for drift in drifts])
        rows.append(
            {
                "change": name,
                "detected": share(detected),
                "fault named": share(named) if named else "",
                "beyond": beyond,
            }
        )
        bars.append(Bar(f"{'named' if named else 'detected'}: {name}", float(np.mean(named or detected)), low=0.95))
    print_table(f"Changes in windows of {WINDOW_ROWS} rows, {windows} windows each", pd.DataFrame(rows))
    return bars


def draw(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a window without a change."""
    return rows.iloc[rng.permutation(len(rows))[:WINDOW_ROWS]].reset_index(drop=True)


def _scaled(factors: dict[str, float], steps: bool = False, share_of_rows: float = 1.0) -> Change:
    """Multiply columns from some row on; `steps`: round the results to the steps of the survey, 1 mm and 0.1 g."""

    def change(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        window = draw(rows, rng)
        first = round(len(window) * (1.0 - share_of_rows))
        for name, factor in factors.items():
            step = 0.005 if name in LENGTHS else 0.0005
            values = window.loc[first:, name] * factor
            window.loc[first:, name] = (values / step).round() * step if steps else values
        return window

    return change


def _stuck(name: str, share_of_rows: float) -> Change:
    """Let a column repeat one value from some row on."""

    def change(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        window = draw(rows, rng)
        first = round(len(window) * (1.0 - share_of_rows))
        window.loc[first:, name] = window[name].iloc[first]
        return window

    return change


def _sexes(points: dict[str, float]) -> Change:
    """Draw animals of other sexes: so many more of each, as shares of the window."""

    def change(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        shares = rows[SEX.name].value_counts(normalize=True)
        wanted = {sex: round((shares[sex] + points.get(sex, 0.0)) * WINDOW_ROWS) for sex in SEX.values}
        drawn = [rows[rows[SEX.name] == sex].sample(count, random_state=rng) for sex, count in wanted.items()]
        return pd.concat(drawn, ignore_index=True)

    return change


def _relabelled(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Write 75 of the 500 animals down as infants that are males: nothing else changes."""
    window = draw(rows, rng)
    males = window.index[window[SEX.name] == "M"]
    window.loc[rng.permutation(males)[: round(0.15 * WINDOW_ROWS)], SEX.name] = "I"
    return window


def _mixed_up(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Give every animal the sex of another: no single column changes."""
    window = draw(rows, rng)
    return window.assign(sex=rng.permutation(window[SEX.name]))


def _each(factor: float, names: tuple[str, ...]) -> dict[str, float]:
    return dict.fromkeys(names, factor)


def _changes() -> Iterator[tuple[str, Change]]:
    bigger = {**_each(1.1, LENGTHS), **_each(1.1**3, WEIGHTS)}
    yield "animals 10 % bigger: lengths * 1.1, weights * 1.331", _scaled(bigger, steps=True)
    yield "lengths 10 % bigger alone: * 1.1", _scaled(_each(1.1, LENGTHS), steps=True)
    yield "all weights in ounces", _scaled(_each(1.0 / GRAMS_PER_OUNCE, WEIGHTS))
    for share_of_rows in (0.1, 0.25, 0.6):
        partly = _scaled(_each(1.0 / GRAMS_PER_OUNCE, WEIGHTS), share_of_rows=share_of_rows)
        yield f"all weights in ounces for {share_of_rows:.0%} of the rows", partly
    yield "shell weight alone in ounces", _scaled({"shell_weight": 1.0 / GRAMS_PER_OUNCE})
    yield "lengths in centimetres", _scaled(_each(0.1, LENGTHS))
    for name in NUMBER_NAMES:
        yield f"{name} stuck", _stuck(name, 1.0)
    yield "height stuck for a quarter of the rows", _stuck("height", 0.25)
    yield "15 points more infants, fewer males", _sexes({"I": 0.15, "M": -0.15})
    yield "15 points more females, fewer males", _sexes({"F": 0.15, "M": -0.15})
    yield "15 points written down as infants that are males", _relabelled
    yield "sexes mixed up among the animals", _mixed_up


CHANGES = dict(_changes())
FAULTS = {
    **{name: {"weights: ounces"} for name in CHANGES if name.startswith("all weights in ounces")},
    "shell weight alone in ounces": {"shell_weight: ounces"},
    "lengths in centimetres": {"lengths: centimetres"},
    **{f"{name} stuck": {f"{name}: stuck"} for name in NUMBER_NAMES},
    "height stuck for a quarter of the rows": {"height: stuck"},
}
"""What has to be named, where a fault is to be found."""


def _faults(drift: dict[str, Any]) -> Iterator[str]:
    for test in drift["tests"]:
        if test["drifted"] and test["kind"] in {"stuck", "unit"}:
            for word in ("stuck", "ounces", "centimetres"):
                if f" {word}" in test["detail"]:
                    yield f"{test['name']}: {word}"
