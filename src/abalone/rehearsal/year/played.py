"""What is known of a week once it was played."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abalone.model.artifact import Artifact
from abalone.schema import MEASUREMENT_NAMES, RINGS

FloatArray = NDArray[np.float64]


class Outcome(StrEnum):
    """What followed from a decision of monitoring."""

    NOTHING = ""
    PROMOTED = "promoted"
    REFUSED = "refused by the gate"
    UNCHANGED = "the same model again"
    COOLING_DOWN = "waits, trained lately"
    SET_ASIDE = "captures set aside"
    FALSE_ALARM = "false alarm"


@dataclass(frozen=True)
class Reign:
    """A model in service.

    Attributes:
        number: 1 for the first one of the year.
        artifact: The model.
    """

    number: int
    artifact: Artifact


@dataclass(frozen=True)
class PlayedWeek:
    """A week of service.

    Attributes:
        week: Its number, from 1.
        events: What began or ended in it.
        animals: Those that were met, with their true rings.
        labels: How many rings were told.
        served: What the service predicted, in rings.
        frozen: What the first model predicts, in rings.
        decision: Of monitoring.
        reason: The first of monitoring's reasons, if it had any.
        reign: Of the model that predicted.
        outcome: What followed from the decision.
        successor: The model that was promoted at its end, if one was.
    """

    week: int
    events: tuple[str, ...]
    animals: pd.DataFrame
    labels: int
    served: FloatArray
    frozen: FloatArray
    decision: str
    reason: str
    reign: Reign
    outcome: Outcome
    successor: Reign | None

    @property
    def squared_errors(self) -> tuple[FloatArray, FloatArray]:
        """Of the service and of the first model, shape (rows,) each, in rings squared."""
        rings = self.animals[RINGS.name].to_numpy(np.float64)
        return (self.served - rings) ** 2, (self.frozen - rings) ** 2


def rmse(squared_errors: FloatArray) -> float:
    """Return the root of the mean."""
    return float(np.sqrt(squared_errors.mean()))


def predicted_rings(model: Artifact, animals: pd.DataFrame) -> FloatArray:
    """Return what a model predicts, in rings, shape (rows,)."""
    return model.predict({name: animals[name] for name in MEASUREMENT_NAMES}).rings
