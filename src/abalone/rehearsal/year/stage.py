"""The stage of the year: the data folder, the first model, the service; and the year played on it."""

from collections.abc import Generator
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact
from abalone.pipeline_registry import MAIN
from abalone.rehearsal.year.animals import draw_year, read_survey
from abalone.rehearsal.year.played import PlayedWeek
from abalone.rehearsal.year.project import Project, opened_project
from abalone.rehearsal.year.scenario import Scenario
from abalone.rehearsal.year.service import running_service
from abalone.rehearsal.year.year import Year


def play_year(
    scenario: Scenario, survey: Path, data: Path, seed: int, weeks: int | None = None
) -> Generator[PlayedWeek]:
    """Train the first model, start the service, and play.

    Args:
        scenario: What happens when.
        survey: The batch that the animals are from.
        data: Data folder of the year, empty.
        seed: Decides which animals are met when.
        weeks: How many of the scenario's weeks; None: all.

    Yields:
        Each week, once it is over.

    Raises:
        AbaloneError: The survey does not suffice, or the service does not do what it should.
    """
    with opened_project(data, scenario.parameters) as project:
        ingestion = project.parameters["ingestion"]
        rows = read_survey(survey, ingestion["parts_tolerance"], ingestion["maximum_line_bytes"])
        first_survey, animals = draw_year(rows, scenario, seed)
        landing = data / "01_raw" / "landing"
        landing.mkdir(parents=True)
        first_survey.to_csv(landing / "first_survey.csv", index=False)
        first = _train_first(project)
        with running_service(data / "06_models" / "champion.json", data / "captures_as_written") as service:
            year = Year(
                scenario=scenario,
                project=project,
                service=service,
                captures=data / "01_raw" / "captures",
                aside=data / "captures_set_aside",
                first=first,
            )
            yield from year.play(animals[:weeks])


def _train_first(project: Project) -> Artifact:
    catalog = project.run(*MAIN)
    first: Artifact | None = catalog.load("champion")
    if first is None:
        reasons = "; ".join(catalog.load("gate")["reasons"])
        raise AbaloneError(
            f"the gate refuses the first model ({reasons}): raise animals.first_survey, or --seed another"
        )
    return first
