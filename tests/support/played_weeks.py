"""Weeks of a simulated year, played at once by models whose errors are known."""

import numpy as np
import pandas as pd

from abalone.model.artifact import Artifact
from abalone.rehearsal.year.played import Outcome, PlayedWeek, Reign
from abalone.schema import NUMBER_NAMES
from support.artifacts import summing_artifact

ANIMALS = 200


def played(week: int, reign: Reign, first: Artifact, successor: Reign | None = None) -> PlayedWeek:
    """A week of animals whose rings are the sum of their measurements, give or take one."""
    rng = np.random.default_rng(week)
    animals = pd.DataFrame(rng.uniform(0.5, 1.5, (ANIMALS, 7)), columns=list(NUMBER_NAMES)).assign(sex="M")
    animals["rings"] = animals[list(NUMBER_NAMES)].sum(axis=1) + rng.choice([-1, 1], ANIMALS)
    return PlayedWeek(
        week=week,
        events=(),
        animals=animals,
        labels=0,
        served=reign.artifact.predict(animals).rings,
        frozen=first.predict(animals).rings,
        decision="retrain" if successor else "ok",
        reason="",
        reign=reign,
        outcome=Outcome.PROMOTED if successor else Outcome.NOTHING,
        successor=successor,
    )


def year(first_factor: float, second_factor: float) -> list[PlayedWeek]:
    """Two weeks of the first model, then two of the second one."""
    first, second = Reign(1, summing_artifact(first_factor)), Reign(2, summing_artifact(second_factor))
    reigns = [(first, None), (first, second), (second, None), (second, None)]
    return [played(week, reign, first.artifact, successor) for week, (reign, successor) in enumerate(reigns, start=1)]
