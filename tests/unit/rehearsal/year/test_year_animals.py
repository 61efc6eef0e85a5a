"""The animals of the simulated year."""

from collections.abc import Callable

import pandas as pd
import pytest

from abalone.errors import AbaloneError
from abalone.rehearsal.year.animals import HOME, NEW_SITE, WEIGHTS, draw_year
from abalone.rehearsal.year.scenario import Scenario
from abalone.schema import COLUMN_NAMES

NewScenario = Callable[..., Scenario]


def test_every_animal_is_a_row_of_the_survey_and_is_met_once(survey: pd.DataFrame, new_scenario: NewScenario) -> None:
    scenario = new_scenario(scale={"weeks": [1, 1], "factor": 1.0})

    first, weeks = draw_year(survey, scenario, seed=0)

    met = pd.concat([first, *weeks])[list(COLUMN_NAMES)]
    assert len(met) == 300 + 8 * 50
    assert len(met.merge(survey.drop_duplicates(), on=list(COLUMN_NAMES))) == len(met)
    assert not met.duplicated().any()


def test_the_same_seed_draws_the_same_year(survey: pd.DataFrame, new_scenario: NewScenario) -> None:
    years = [pd.concat(draw_year(survey, new_scenario(), seed)[1]) for seed in (3, 3, 4)]

    assert years[0].equals(years[1])
    assert not years[0].equals(years[2])


def test_the_new_site_comes_by_and_by(survey: pd.DataFrame, new_scenario: NewScenario) -> None:
    _, weeks = draw_year(survey, new_scenario(), seed=0)

    assert [set(week["site"]) for week in weeks[:4]] == [{HOME}, {HOME}, {HOME, NEW_SITE}, {NEW_SITE}]


def test_a_wrong_scale_changes_weights_and_nothing_else(survey: pd.DataFrame, new_scenario: NewScenario) -> None:
    _, right = draw_year(survey, new_scenario(scale={"weeks": [2, 2], "factor": 1.0}), seed=0)
    _, wrong = draw_year(survey, new_scenario(), seed=0)

    assert wrong[0].equals(right[0])
    assert wrong[1].drop(columns=WEIGHTS).equals(right[1].drop(columns=WEIGHTS))
    pd.testing.assert_frame_equal(wrong[1][WEIGHTS], 1.5 * right[1][WEIGHTS], atol=1e-4)


def test_large_animals_are_met_in_winter_and_small_ones_in_summer(
    survey: pd.DataFrame, new_scenario: NewScenario
) -> None:
    animals = {"first_survey": 100, "a_week": 20, "home": [[838, 4178]], "new_site": [[211, 837]]}
    scenario = new_scenario(weeks=52, animals=animals, new_site={"from_week": 60, "full_after_weeks": 1, "share": 0.5})

    _, weeks = draw_year(survey, scenario, seed=0)

    winter, summer = pd.concat(weeks[:8]), pd.concat(weeks[22:30])
    assert winter["length"].mean() > summer["length"].mean()
    assert (winter["sex"] == "I").mean() < (summer["sex"] == "I").mean()


def test_rings_are_told_later_and_never_while_the_laboratory_is_closed(
    survey: pd.DataFrame, new_scenario: NewScenario
) -> None:
    _, weeks = draw_year(survey, new_scenario(), seed=0)

    told = [set(week["told"]) - {0} for week in weeks]
    assert told == [{3}, {4}, {7}, {7}, {7}, {8}, {9}, {10}]
    assert 0.5 < pd.concat(weeks)["told"].astype(bool).mean() < 0.7


def test_a_survey_with_too_few_animals_is_refused(survey: pd.DataFrame, new_scenario: NewScenario) -> None:
    with pytest.raises(AbaloneError, match="too few animals of the new site"):
        draw_year(
            survey.head(300),
            new_scenario(animals={**new_scenario().animals.model_dump(), "home": [[2, 210]], "first_survey": 10}),
            seed=0,
        )
