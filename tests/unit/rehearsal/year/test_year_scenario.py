"""The scenario of the simulated year."""

from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.rehearsal.year.scenario import DEFAULT, read_scenario


def test_the_scenario_of_the_project_is_a_year() -> None:
    scenario = read_scenario()

    assert scenario.weeks == 52
    assert scenario.start.isoweekday() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("weeks: 52", "weeks: 0"), "weeks: Input should be greater than or equal to 1"),
        (("weeks: 52", "week: 52"), "weeks: Field required"),
        (("weeks: 52", "weeks: ["), "is not YAML"),
    ],
)
def test_a_scenario_that_is_wrong_is_refused_by_name(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "scenario.yml"
    path.write_text(DEFAULT.read_text().replace(*change, 1))

    with pytest.raises(AbaloneError, match=message) as refusal:
        read_scenario(path)

    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_scenario_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AbaloneError, match="cannot be read: No such file"):
        read_scenario(tmp_path / "none.yml")
