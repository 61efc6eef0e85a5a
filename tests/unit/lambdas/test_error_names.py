"""The names by which state machines match what a function raises."""

import inspect
import json

from abalone.lambdas import errors
from support.project import REPOSITORY

RAISED = {name for name, each in inspect.getmembers(errors, inspect.isclass) if each.__module__ == errors.__name__}


def retriers():
    for path in (REPOSITORY / "delivery" / "state_machines").glob("*.asl.json"):
        for state in json.loads(path.read_text(encoding="utf-8"))["States"].values():
            yield from state.get("Retry", [])


def test_every_error_that_a_state_machine_names_is_raised_by_a_function():
    named = {error for retrier in retriers() for error in retrier["ErrorEquals"] if "." not in error}

    assert named <= RAISED


def test_only_what_may_pass_is_tried_again():
    never_again = {error for retrier in retriers() if retrier["MaxAttempts"] == 0 for error in retrier["ErrorEquals"]}

    assert RAISED - never_again == {"EndpointUnavailableError"}
