"""Parameters of an execution."""

from typing import Any

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.local.parameters import parameters_of
from support.executable_definitions import definition

DEFINITION = definition(
    parameters=[
        {"Name": "random_state", "Type": "Integer", "DefaultValue": 0},
        {"Name": "rate", "Type": "Float", "DefaultValue": 0.1},
        {"Name": "log", "Type": "Boolean", "DefaultValue": False},
        {"Name": "loss", "Type": "String", "DefaultValue": "poisson", "EnumValues": ["poisson", "gamma"]},
        {"Name": "version", "Type": "String"},
    ]
)


def test_given_values_replace_defaults() -> None:
    values = parameters_of(DEFINITION, {"version": "v1", "rate": 1, "log": True})

    assert values == {"random_state": 0, "rate": 1, "log": True, "loss": "poisson", "version": "v1"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"version": "v1", "randomstate": 1}, "no parameter randomstate: choose from log, loss, random_state"),
        ({}, "version has no default: give it a value of type String"),
        ({"version": 1}, "version = 1 is no String"),
        ({"version": "v1", "random_state": "1"}, "random_state = '1' is no Integer"),
        ({"version": "v1", "random_state": True}, "random_state = True is no Integer"),
        ({"version": "v1", "rate": "fast"}, "rate = 'fast' is no Float"),
        ({"version": "v1", "log": 1}, "log = 1 is no Boolean"),
        ({"version": "v1", "loss": "absolute"}, "choose one of poisson, gamma"),
    ],
)
def test_wrong_parameter_is_an_error_that_names_it_and_the_remedy(given: dict[str, Any], named: str) -> None:
    with pytest.raises(AbaloneError) as error:
        parameters_of(DEFINITION, given)

    assert named in str(error.value)
