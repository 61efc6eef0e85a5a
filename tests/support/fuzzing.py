"""A service that is asked what nobody thought of, and what has to be true of each answer."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import numpy as np
from hypothesis import HealthCheck, settings

from abalone.model.artifact import Predictions
from abalone.schema import IMPOSSIBLE, NUMBER_NAMES, NUMBERS, SEX
from support.measurements import JSON
from support.service import RunningService, running_service

fuzz = functools.partial(
    settings,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.filter_too_much],
)
REFUSALS = {400, 406, 413, 415, 422}

Row: TypeAlias = dict[str, str | float]
Predict: TypeAlias = Callable[[Sequence[Row]], Predictions]


@contextmanager
def faultless_service(model: Path, captures: Path) -> Iterator[RunningService]:
    """A service that in the end has answered nothing with a fault of its own, and logged none."""
    with running_service(model, reload_seconds=0, capture=captures) as running:
        yield running
        with running.client() as client:
            counted = client.get("/metrics").text
        assert re.findall(r'^abalone_requests_total{.*status="5.*', counted, re.MULTILINE) == []
        faults = [line for line in running.log if line["level"] != "INFO"]
        assert not faults, faults


def ask(client: httpx.Client, content_type: str, body: bytes, **query: str) -> httpx.Response:
    """Ask for predictions as JSON."""
    headers = {"content-type": content_type, "accept": JSON}
    answer = client.post("/invocations", content=body, headers=headers, params=query)
    assert answer.headers["x-request-id"]
    assert answer.headers["content-type"] == JSON
    if answer.status_code != 200:
        assert answer.status_code in REFUSALS, answer.text
        content = answer.json()
        assert set(content) == {"error", "request_id"}
        assert set(content["error"]) == {"code", "message", "problems", "problem_count"}
        assert len(content["error"]["problems"]) <= min(100, content["error"]["problem_count"])
        assert content["request_id"] == answer.headers["x-request-id"]
    return answer


def predictions(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["predictions"]
    return found


def assert_predicted(found: Sequence[Mapping[str, float]], expected: Predictions) -> None:
    """Check that predictions are those of the artifact, in the order of the rows."""
    for name, values in (("rings", expected.rings), ("lower_rings", expected.lower), ("upper_rings", expected.upper)):
        assert len(found) == len(values)
        np.testing.assert_allclose([each[name] for each in found], values, rtol=0, atol=1e-9)
    np.testing.assert_allclose([each["age_years"] for each in found], expected.rings + 1.5, rtol=0, atol=1e-9)


def is_possible(row: Mapping[str, str | float]) -> bool:
    """Tell whether a row is an animal's, by a reading of the schema that is independent of the service's."""
    values = {name: float(row[name]) for name in NUMBER_NAMES}
    if row["sex"] not in SEX.values:
        return False
    if not all(column.above < values[column.name] <= column.maximum for column in NUMBERS):
        return False
    for rule in IMPOSSIBLE:
        total = sum(values[part] for part in rule.parts)
        if total > values[rule.whole] or (rule.strict and total == values[rule.whole]):
            return False
    return True
