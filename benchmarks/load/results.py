"""The outcome of a load test, on its way from Locust to the tables."""

import json
from pathlib import Path
from typing import TypedDict

from abalone.errors import AbaloneError


class Results(TypedDict):
    """The outcome of a load test.

    Attributes:
        requests: For each kind of request, and for all of them together: a row of the table.
        errors: For each kind of error: what was asked, what happened, and how often.
        request_count: How many requests were made.
        error_count: How many of them failed.
    """

    requests: list[dict[str, str]]
    errors: list[dict[str, str]]
    request_count: int
    error_count: int


def read_results(path: Path) -> Results:
    """Read what the load test has written.

    Raises:
        AbaloneError: It has written nothing, or made no request.
    """
    if not path.exists():
        raise AbaloneError("Locust has counted nothing: see what it printed")
    results: Results = json.loads(path.read_text(encoding="utf-8"))
    if not results["request_count"]:
        raise AbaloneError("no request was made: let the test run for longer")
    return results
