"""The year, week by week: the service predicts, the laboratory counts, monitoring decides, and models are trained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from abalone.model.artifact import Artifact
from abalone.pipeline_registry import MAIN
from abalone.pipelines.monitoring.decision import ALARM, RETRAIN
from abalone.rehearsal.year.dating import date_captures
from abalone.rehearsal.year.laboratory import Backlog
from abalone.rehearsal.year.person import set_aside
from abalone.rehearsal.year.played import FloatArray, Outcome, PlayedWeek, Reign, predicted_rings
from abalone.rehearsal.year.project import Project
from abalone.rehearsal.year.scenario import Scenario
from abalone.rehearsal.year.service import Service

HOURS_A_WEEK = 7 * 24
MONITORED = "monitoring_history"
"""What monitoring is run up to: feedback reads it; the page for a person, which takes longer than all else, is not."""


@dataclass
class Year:
    """A year that is being played.

    Attributes:
        scenario: What happens when.
        project: The project, on the data folder of the year.
        service: The service, which serves the project's champion.
        captures: Where monitoring reads captures.
        aside: Where captures are put that a person has found to be wrong.
        first: The model in service at the beginning.
    """

    scenario: Scenario
    project: Project
    service: Service
    captures: Path
    aside: Path
    first: Artifact
    _backlog: Backlog = field(default_factory=Backlog)
    _files: dict[int, list[Path]] = field(default_factory=dict)
    _trained_in: int | None = None

    def play(self, animals: Sequence[pd.DataFrame]) -> Iterator[PlayedWeek]:
        """Play the weeks.

        Args:
            animals: Those of each week, as `draw_year` returns them.

        Yields:
            Each week, once it is over.
        """
        reign = Reign(1, self.first)
        for week, met in enumerate(animals, start=1):
            served, labels = self._serve(week, met)
            report = self._monitor(week)
            outcome, successor = self._follow(week, report["decision"], reign)
            yield PlayedWeek(
                week=week,
                events=tuple(self.scenario.events(week)),
                animals=met,
                labels=labels,
                served=served,
                frozen=predicted_rings(self.first, met),
                decision=report["decision"],
                reason=next(iter(report["reasons"]), ""),
                reign=reign,
                outcome=outcome,
                successor=successor,
            )
            reign = successor or reign

    def _serve(self, week: int, met: pd.DataFrame) -> tuple[FloatArray, int]:
        """Have the animals of a week predicted, and tell the rings that are due."""
        trips = {f"trip-{trip:%Y-%m-%d}": trip for trip in self.scenario.trips(week)}
        served = []
        for inference_id, animals in zip(trips, np.array_split(np.arange(len(met)), len(trips)), strict=True):
            served.append(self.service.predict(inference_id, met.iloc[animals]))
            self._backlog.take(inference_id, met.iloc[animals])
        labels = self._backlog.told_in(week)
        for label in labels:
            self.service.tell(*label)
        self.service.await_captures(len(trips) + len(labels))
        told = self.scenario.trips(week)[-1]
        self._files[week] = date_captures(self.service.captures, self.captures, trips, told)
        return np.concatenate(served), len(labels)

    def _monitor(self, week: int) -> dict[str, Any]:
        """Run the pipeline on the last weeks, as far as the history, and return its report."""
        weeks = self.scenario.monitoring
        window = {
            "until": self.scenario.end(week).isoformat(),
            "hours": weeks.weeks * HOURS_A_WEEK,
            "label_hours": weeks.label_weeks * HOURS_A_WEEK,
        }
        catalog = self.project.run("monitoring", to=MONITORED, parameters={"monitoring": {"window": window}})
        report: dict[str, Any] = catalog.load("monitoring_report")
        return report

    def _follow(self, week: int, decision: str, reign: Reign) -> tuple[Outcome, Reign | None]:
        """Do what a decision asks for; return what came of it, and the model that was promoted."""
        if decision == ALARM:
            return self._look(), None
        if decision != RETRAIN:
            return Outcome.NOTHING, None
        if self._trained_in is not None and week - self._trained_in < self.scenario.retraining.cool_down_weeks:
            return Outcome.COOLING_DOWN, None
        self._trained_in = week
        return self._retrain(reign)

    def _look(self) -> Outcome:
        first, last = self.scenario.scale.weeks
        wrong = [path for week in range(first, last + 1) for path in self._files.get(week, [])]
        return Outcome.SET_ASIDE if set_aside(wrong, self.captures, self.aside) else Outcome.FALSE_ALARM

    def _retrain(self, reign: Reign) -> tuple[Outcome, Reign | None]:
        self.project.run("feedback")
        catalog = self.project.run(*MAIN)
        champion: Artifact = catalog.load("champion")
        if champion.version == reign.artifact.version:
            return Outcome.UNCHANGED if catalog.load("gate")["passed"] else Outcome.REFUSED, None
        self.service.await_version(champion.version)
        return Outcome.PROMOTED, Reign(reign.number + 1, champion)
