from collections.abc import Callable

import numpy as np
import pytest

from abalone.rehearsal.year.figure import draw_year
from abalone.rehearsal.year.scenario import Scenario
from support.played_weeks import year


def test_lines_part_only_once_another_model_serves(new_scenario: Callable[..., Scenario]) -> None:
    weeks = year(1.2, 1.0)  # the second model serves from week 3 on

    (axes,) = draw_year(weeks, new_scenario()).axes

    frozen, served = (np.asarray(line.get_ydata()) for line in axes.lines[:2])
    assert served[:2] == pytest.approx(frozen[:2])
    assert (served[2:] < frozen[2:]).all()
