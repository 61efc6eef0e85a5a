"""What happens in the simulated year, as `scenario.yml` says."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from abalone.errors import AbaloneError

DEFAULT = Path(__file__).with_name("scenario.yml")

TRIPS = (0, 2, 4)
"""Days of the week, counted from its first, on which animals are met."""

Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Span = tuple[Count, Count]
"""First and last, both included."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AnimalSource(_Section):
    """How many animals there are, and which lines of the survey they are."""

    first_survey: Count
    a_week: Count
    home: list[Span]
    new_site: list[Span]


class Season(_Section):
    """How strongly the sizes of the animals change over the year."""

    strength: float


class NewSite(_Section):
    """When animals of the new site come, and what share of all they become."""

    from_week: Count
    full_after_weeks: Count
    share: Share

    def share_in(self, week: int) -> float:
        """Return the share of the new site's animals in a week."""
        begun = week - self.from_week + 1
        return self.share * min(max(begun / self.full_after_weeks, 0.0), 1.0)


class Scale(_Section):
    """When the scale is wrong, and by what factor."""

    weeks: Span
    factor: Annotated[float, Field(gt=0)]

    def factor_in(self, week: int) -> float:
        """Return what the scale multiplies weights by in a week."""
        return self.factor if self.weeks[0] <= week <= self.weeks[1] else 1.0


class Laboratory(_Section):
    """Which animals' rings are counted, and when the counts are told."""

    share: Share
    delay_weeks: Count
    closed: Span

    def told_in(self, week: int) -> int:
        """Return the week in which the counts of a week's animals are told."""
        due = week + self.delay_weeks
        return self.closed[1] + 1 if self.closed[0] <= due <= self.closed[1] else due


class Monitoring(_Section):
    """Over how many weeks the pipeline looks: at all animals, and at those whose rings have been told."""

    weeks: Count
    label_weeks: Count


class Retraining(_Section):
    """How often a model may be trained."""

    cool_down_weeks: Count


class Scenario(_Section):
    """A year of service; see `scenario.yml`."""

    start: date
    weeks: Count
    animals: AnimalSource
    season: Season
    new_site: NewSite
    scale: Scale
    laboratory: Laboratory
    monitoring: Monitoring
    retraining: Retraining
    parameters: dict[str, Any]

    def trips(self, week: int) -> list[datetime]:
        """Return when animals are met in a week: at noon of some days, UTC."""
        first = datetime.combine(self.start, time(12), UTC) + timedelta(weeks=week - 1)
        return [first + timedelta(days=day) for day in TRIPS]

    def end(self, week: int) -> datetime:
        """Return when a week ends, UTC."""
        return datetime.combine(self.start, time(), UTC) + timedelta(weeks=week)

    def events(self, week: int) -> list[str]:
        """Say what begins or ends in a week."""
        opens, closes = self.laboratory.closed
        told = {
            self.new_site.from_week: "new site",
            self.scale.weeks[0]: "scale wrong",
            self.scale.weeks[1] + 1: "scale right",
        }
        laboratory = {opens: "laboratory closes", closes + 1: "laboratory opens"}
        return [events[week] for events in (told, laboratory) if week in events]


def read_scenario(path: Path = DEFAULT) -> Scenario:
    """Read a scenario.

    Args:
        path: A file like `scenario.yml`.

    Raises:
        AbaloneError: It cannot be read, or says something that is not known or not possible.
    """
    try:
        return Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise AbaloneError(f"{path} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise AbaloneError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise AbaloneError(f"{path}: {faults}; {DEFAULT} is an example") from error
