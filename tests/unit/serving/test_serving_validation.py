"""Rows that no animal can have, and rows that are unusual."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abalone.schema import IMPOSSIBLE, NUMBER_NAMES, NUMBERS
from abalone.serving.validation import TrainedRanges, errors_of, impossible_rows, unusual_rows, warnings_of

ANIMAL = dict(zip(NUMBER_NAMES, (0.53, 0.42, 0.135, 0.677, 0.2565, 0.1415, 0.21), strict=True))
TRAINED = TrainedRanges(np.full(7, 0.05), np.full(7, 0.8))


def row(**changes: float) -> np.ndarray:
    return np.array([list((ANIMAL | changes).values())])


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"length": 0.0}, "not_above_minimum", "length"),
        ({"shell_weight": -0.1}, "not_above_minimum", "shell_weight"),
        ({"length": 1.2500001}, "above_maximum", "length"),
        ({"whole_weight": float("inf")}, "above_maximum", "whole_weight"),
        ({"height": 0.42}, "height_below_diameter", "height"),
        ({"diameter": 0.54}, "diameter_within_length", "diameter"),
        ({"shucked_weight": 0.7}, "shucked_within_whole", "shucked_weight"),
        ({"viscera_weight": 0.7}, "viscera_within_whole", "viscera_weight"),
        ({"shell_weight": 0.7}, "shell_within_whole", "shell_weight"),
    ],
)
def test_row_that_no_animal_can_have_is_told_with_its_column(changes: dict[str, float], code: str, column: str) -> None:
    numbers = row(**changes)

    assert impossible_rows(numbers).tolist() == [True]
    assert [(problem.code, problem.column, problem.row) for problem in errors_of(3, numbers[0])] == [(code, column, 3)]


@pytest.mark.parametrize("changes", [{}, {"diameter": 0.53}, {"shucked_weight": 0.677}, {"length": 1.25}])
def test_row_at_the_edge_of_a_rule_is_possible(changes: dict[str, float]) -> None:
    assert impossible_rows(row(**changes)).tolist() == [False]


def test_row_that_could_not_be_read_is_impossible_and_its_values_are_passed_over() -> None:
    numbers = row(length=float("nan"), height=-1.0)

    assert impossible_rows(numbers).tolist() == [True]
    assert [problem.column for problem in errors_of(1, numbers[0])] == ["height"]


@given(st.lists(st.floats(0, 1.5) | st.sampled_from([0.1, 0.2, 0.3, float("nan")]), min_size=7, max_size=7))
def test_rows_are_impossible_exactly_when_the_schema_says_so(values: list[float]) -> None:
    numbers = dict(zip(NUMBER_NAMES, values, strict=True))
    ranges = all(column.above < numbers[column.name] <= column.maximum for column in NUMBERS)
    rules = all(
        sum(numbers[part] for part in rule.parts) < numbers[rule.whole]
        or (not rule.strict and sum(numbers[part] for part in rule.parts) == numbers[rule.whole])
        for rule in IMPOSSIBLE
    )

    assert impossible_rows(np.array([values])).tolist() == [not (ranges and rules)]
    assert bool(errors_of(1, np.array(values))) == (not (ranges and rules)) or np.isnan(values).any()


@given(
    st.lists(
        st.lists(st.floats(-0.1, 1.0) | st.sampled_from([0.1, 0.3, 0.4, np.nan, np.inf]), min_size=7, max_size=7)
        | st.builds(
            lambda scale, changes: [scale * number for number in ANIMAL.values()][: 7 - len(changes)] + changes,
            st.floats(0.4, 1.2),
            st.lists(st.floats(0.05, 0.3), max_size=2),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_rows_that_nothing_is_to_be_said_about_are_neither_impossible_nor_unusual(rows: list[list[float]]) -> None:
    numbers = np.array(rows)

    if TRAINED.have(numbers):
        assert not impossible_rows(numbers).any()
        assert not unusual_rows(numbers, TRAINED).any()
    else:
        edges = np.nextafter(numbers, np.inf), np.nextafter(numbers, -np.inf)
        said = [impossible_rows(each) | unusual_rows(each, TRAINED) for each in (numbers, *edges)]
        close = np.isclose(numbers[:, 2] / numbers[:, 1], [[0.1], [0.6]]).any() if (numbers[:, 1] != 0).all() else True
        assert np.any(said) or close


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"length": 0.9}, [("above_training_range", "length")]),
        ({"viscera_weight": 0.04}, [("below_training_range", "viscera_weight")]),
        ({"height": 0.41, "diameter": 0.7, "length": 0.8}, [("implausible_height", "height")]),
        ({"height": 0.3}, [("implausible_height", "height")]),
        ({"height": 0.04}, [("below_training_range", "height"), ("implausible_height", "height")]),
    ],
)
def test_unusual_value_is_warned_of(changes: dict[str, float], expected: list[tuple[str, str]]) -> None:
    numbers = row(**changes)

    assert unusual_rows(numbers, TRAINED).tolist() == [bool(expected)]
    assert [(warning.code, warning.column) for warning in warnings_of(numbers[0], TRAINED)] == expected
