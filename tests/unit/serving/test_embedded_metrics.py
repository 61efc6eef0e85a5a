"""The metrics that CloudWatch makes of the log, by the specification of its embedded metric format."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from abalone.serving import metrics
from abalone.serving.embedded_metrics import UNITS, EmbeddedMetrics, embedded, histogram_quantile

INF = float("inf")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], list[Any]]:
    """Return what has been logged so far."""
    return lambda: [record.msg for record in caplog.records if record.name.endswith("embedded_metrics")]


def test_line_is_what_the_specification_asks_for() -> None:
    line = json.loads(json.dumps(embedded(dict.fromkeys(UNITS, 1.5), "dev", 1_800_000_000.25)))

    assert line == {
        "_aws": {
            "Timestamp": 1_800_000_000_250,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Abalone",
                    "Dimensions": [["environment"]],
                    "Metrics": [{"Name": name, "Unit": unit} for name, unit in UNITS.items()],
                }
            ],
        },
        "environment": "dev",
        **dict.fromkeys(UNITS, 1.5),
    }
    assert set(UNITS.values()) <= {"Count", "None", "Milliseconds"}


def test_line_holds_what_was_counted_since_the_one_before_it(logged: Callable[[], list[Any]]) -> None:
    metrics.count_request("/invocations", 200, 0.02)
    embedded_metrics = EmbeddedMetrics("dev")
    for status, seconds in ((200, 0.0015), (200, 0.002), (422, 0.002), (503, 2.0)):
        metrics.count_request("/invocations", status, seconds)
    metrics.count_request("/ping", 500, 9.0)
    metrics.count_rows(predicted=4, invalid=1)
    metrics.count_rings([8.2, 9.9, 9.1, 12.7])
    metrics.count_warnings(["above_training_range", "below_training_range"])

    embedded_metrics.log()

    (line,) = logged()
    named = {name: line[name] for name in ("requests", "errors", "rows", "out_of_range_rows", "predicted_rings")}
    assert named == {"requests": 4, "errors": 1, "rows": 5, "out_of_range_rows": 1, "predicted_rings": 10.0}
    assert 1.0 <= line["latency_p50"] <= 2.5
    assert 1000 <= line["latency_p99"] <= 2500


def test_nothing_is_logged_when_nothing_was_asked(logged: Callable[[], list[Any]]) -> None:
    embedded_metrics = EmbeddedMetrics("dev")
    metrics.count_request("/ping", 200, 0.001)

    embedded_metrics.log()

    assert logged() == []


def test_requests_without_a_prediction_have_no_mean(logged: Callable[[], list[Any]]) -> None:
    embedded_metrics = EmbeddedMetrics("dev")
    metrics.count_request("/invocations", 422, 0.001)

    embedded_metrics.log()

    (line,) = logged()
    (definition,) = line["_aws"]["CloudWatchMetrics"]
    assert "predicted_rings" not in line
    assert "predicted_rings" not in {each["Name"] for each in definition["Metrics"]}


def test_metrics_are_logged_though_messages_are_not(logged: Callable[[], list[Any]]) -> None:
    logging.getLogger("abalone").setLevel(logging.ERROR)
    try:
        embedded_metrics = EmbeddedMetrics("dev")
        metrics.count_request("/invocations", 200, 0.001)
        embedded_metrics.log()
    finally:
        logging.getLogger("abalone").setLevel(logging.NOTSET)

    assert len(logged()) == 1


@pytest.mark.parametrize(
    ("below", "share", "quantile"),
    [
        ({1.0: 0, 2.0: 10, INF: 10}, 0.5, 1.5),
        ({1.0: 10, 2.0: 10, INF: 10}, 0.9, 0.9),
        ({1.0: 2, 2.0: 4, 4.0: 8, INF: 8}, 0.75, 3.0),
        ({1.0: 0, 2.0: 0, INF: 5}, 0.5, 2.0),
    ],
)
def test_quantile_is_taken_linearly_within_its_bin(below: dict[float, int], share: float, quantile: float) -> None:
    assert histogram_quantile(below, share) == pytest.approx(quantile)
