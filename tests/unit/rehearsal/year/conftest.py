"""A scenario that is quick to play, and the survey."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from abalone.rehearsal.year.animals import read_survey
from abalone.rehearsal.year.scenario import Scenario
from support.training import SURVEY


@pytest.fixture(scope="session")
def survey() -> pd.DataFrame:
    return read_survey(SURVEY, parts_tolerance=0.1, maximum_line_bytes=10_000)


@pytest.fixture
def new_scenario() -> Callable[..., Scenario]:
    """Make a scenario of eight weeks; what is given replaces whole sections of it."""

    def make(**sections: Any) -> Scenario:
        return Scenario.model_validate(
            {
                "start": date(2025, 1, 6),
                "weeks": 8,
                "animals": {"first_survey": 300, "a_week": 50, "home": [[838, 2091]], "new_site": [[211, 837]]},
                "season": {"strength": 0.5},
                "new_site": {"from_week": 3, "full_after_weeks": 2, "share": 1.0},
                "scale": {"weeks": [2, 2], "factor": 1.5},
                "laboratory": {"share": 0.6, "delay_weeks": 2, "closed": [5, 6]},
                "monitoring": {"weeks": 1, "label_weeks": 4},
                "retraining": {"cool_down_weeks": 2},
                "parameters": {},
                **sections,
            }
        )

    return make
