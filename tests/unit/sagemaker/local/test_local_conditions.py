"""Conditions of a definition."""

from typing import Any

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.local.conditions import holds
from abalone.sagemaker.local.expressions import Scope
from support.executable_definitions import equals, get

SCOPE = Scope(parameters={"limit": 2}, execution={}, results={})
TRUE, FALSE = equals("a", "a"), equals("a", "b")


def compare(kind: str, left: Any, right: Any) -> dict[str, Any]:
    return {"Type": kind, "LeftValue": left, "RightValue": right}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (equals(get("Parameters.limit"), 2), True),
        (equals(2, 2.0), True),
        (equals(True, True), True),
        (equals(True, 1), False),
        (equals("true", True), False),
        (compare("GreaterThan", 3, get("Parameters.limit")), True),
        (compare("GreaterThan", 2, 2), False),
        (compare("GreaterThanOrEqualTo", 2, 2), True),
        (compare("LessThan", 1.5, 2), True),
        (compare("LessThan", 2, 2), False),
        (compare("LessThanOrEqualTo", 2, 2), True),
        ({"Type": "In", "QueryValue": get("Parameters.limit"), "Values": [1, get("Parameters.limit")]}, True),
        ({"Type": "In", "QueryValue": 3, "Values": [1, 2]}, False),
        ({"Type": "Not", "Condition": TRUE}, False),
        ({"Type": "Or", "Conditions": [FALSE, TRUE]}, True),
        ({"Type": "Or", "Conditions": [FALSE, FALSE]}, False),
        ({"Type": "And", "Conditions": [TRUE, FALSE]}, False),
        ({"Type": "And", "Conditions": [TRUE, {"Type": "Not", "Condition": FALSE}]}, True),
    ],
)
def test_condition_is_decided(condition: dict[str, Any], expected: bool) -> None:
    assert holds(condition, SCOPE) is expected


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        (compare("Resembles", 1, 1), "Resembles"),
        (compare("LessThan", "one", 2), "LessThan cannot compare 'one' with 2"),
    ],
)
def test_condition_that_cannot_be_decided_is_an_error_that_names_it(condition: dict[str, Any], named: str) -> None:
    with pytest.raises(AbaloneError, match=named):
        holds(condition, SCOPE)
