"""What the year has shown: whether monitoring lowered the error, and whether every promotion was right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from abalone.model.artifact import Artifact
from abalone.pipelines.evaluation.bootstrap import percentile_interval, resample
from abalone.rehearsal.year.played import FloatArray, Outcome, PlayedWeek, Reign, predicted_rings, rmse
from abalone.schema import RINGS

RESAMPLES = 4_000
CONFIDENCE = 0.95
QUARTER_WEEKS = 13


class Gain(NamedTuple):
    """The last weeks of the year with and without monitoring.

    Attributes:
        weeks: How many.
        rows: Animals in them.
        served: RMSE of the service, in rings.
        frozen: RMSE of the first model, in rings.
        lower: Bound of the interval of `frozen - served`, in rings.
        upper: Its other bound.
    """

    weeks: int
    rows: int
    served: float
    frozen: float
    lower: float
    upper: float


class Promotion(NamedTuple):
    """A promoted model beside the one before it, on all animals that came while it was in service.

    Attributes:
        week: At whose end it was promoted.
        number: Of the model.
        rows: Animals, 0 when none came.
        before: RMSE of the model before it, in rings.
        after: RMSE of the promoted one, in rings.
        is_false: Whether it is worse by more than noise.
    """

    week: int
    number: int
    rows: int
    before: float
    after: float
    is_false: bool


class Verdict(NamedTuple):
    """What the year has shown.

    Attributes:
        gain: Of monitoring.
        promotions: All of them.
        outcomes: How often each came.
        is_whole: Whether the whole scenario was played.
    """

    gain: Gain
    promotions: list[Promotion]
    outcomes: Mapping[Outcome, int]
    is_whole: bool

    @property
    def faults(self) -> list[str]:
        """What should not be so, in sentences. A year that was cut short need not have gained anything."""
        faults = [f"model {each.number} was promoted falsely" for each in self.promotions if each.is_false]
        if self.is_whole and self.gain.lower <= 0:
            faults.append("the monitored service is not better than the first model by more than noise")
        return faults


def judge(weeks: Sequence[PlayedWeek], seed: int, *, is_whole: bool) -> Verdict:
    """Judge the year.

    Args:
        weeks: Those that were played.
        seed: Of the bootstrap.
        is_whole: Whether they are all of the scenario.
    """
    promotions = [_judged(week, week.successor, weeks, seed) for week in weeks if week.successor is not None]
    return Verdict(_gain(weeks, seed), promotions, Counter(week.outcome for week in weeks), is_whole)


def _gain(weeks: Sequence[PlayedWeek], seed: int) -> Gain:
    """Compare the errors of the last quarter of the year, or of all weeks if there are fewer."""
    last = weeks[-QUARTER_WEEKS:]
    served, frozen = (np.concatenate(errors) for errors in zip(*(week.squared_errors for week in last), strict=True))
    lower, upper = _rmse_difference(frozen, served, seed)
    return Gain(len(last), len(served), rmse(served), rmse(frozen), lower, upper)


def _judged(promoting: PlayedWeek, promoted: Reign, weeks: Sequence[PlayedWeek], seed: int) -> Promotion:
    """Judge a promotion by the animals that came afterwards, all of whose rings the simulation knows."""
    reign = [week for week in weeks if week.reign.number == promoted.number]
    if not reign:  # promoted at the very end
        return Promotion(promoting.week, promoted.number, 0, np.nan, np.nan, is_false=False)
    before, after = (
        np.concatenate([_squared_errors(model, week) for week in reign])
        for model in (promoting.reign.artifact, promoted.artifact)
    )
    _, best = _rmse_difference(before, after, seed)
    return Promotion(promoting.week, promoted.number, len(after), rmse(before), rmse(after), is_false=best < 0)


def _squared_errors(model: Artifact, week: PlayedWeek) -> FloatArray:
    errors: FloatArray = (predicted_rings(model, week.animals) - week.animals[RINGS.name].to_numpy(np.float64)) ** 2
    return errors


def _rmse_difference(before: FloatArray, after: FloatArray, seed: int) -> tuple[float, float]:
    """Bounds of the difference of two RMSE by a paired bootstrap: both are of the same animals."""
    rows = len(before)
    weights = resample(rows, RESAMPLES, rows, seed).weights / rows
    return percentile_interval(np.sqrt(weights @ before) - np.sqrt(weights @ after), CONFIDENCE)
