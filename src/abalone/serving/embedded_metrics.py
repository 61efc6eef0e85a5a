"""What a worker did in the last minute, as a line of its log from which CloudWatch makes metrics.

CloudWatch embedded metric format, https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
CloudWatch_Embedded_Metric_Format_Specification.html: no request is made, and nothing waits for one. The numbers are
differences of the Prometheus counters, which are kept anyway, so that answers take no longer. Each worker writes what
it has done itself, and CloudWatch adds up.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

from abalone.serving import metrics

logger = logging.getLogger(__name__)

NAMESPACE = "Abalone"
DIMENSION = "environment"

UNITS = {
    "requests": "Count",
    "errors": "Count",
    "rows": "Count",
    "out_of_range_rows": "Count",
    "predicted_rings": "None",
    "latency_p50": "Milliseconds",
    "latency_p99": "Milliseconds",
}
"""The metrics: requests for predictions, those of them that a fault of the service ended (5xx), their rows, those of
them that are predicted with a warning, the mean prediction in rings, and how long answers take."""

_HALF_RING = 0.5
"""Predictions are counted by their whole number of rings, and taken to be in the middle of the next one."""

Counts = dict[tuple[str, str], int]
"""By name of the counter, and by the status, outcome, ring or upper edge that it counts."""


class EmbeddedMetrics:
    """Logs what was counted since the last time.

    Args:
        environment: Value of the dimension.
    """

    def __init__(self, environment: str) -> None:
        self._environment = environment
        self._counted = counts()
        # Metrics are no messages: a service that logs errors alone has them, too.
        logger.setLevel(logging.INFO)

    def log(self) -> None:
        """Log a line, if anything was asked since the last one."""
        now = counts()
        new = {key: value - self._counted.get(key, 0) for key, value in now.items()}
        self._counted = now
        if values := metric_values(new):
            logger.info(embedded(values, self._environment, time.time()))


@asynccontextmanager
async def logging_metrics(environment: str, interval_seconds: float) -> AsyncIterator[None]:
    """Log metrics from time to time, and the rest at the end.

    Args:
        environment: Value of the dimension; "" to log none.
        interval_seconds: Time between lines.
    """
    if not environment:
        yield
        return
    embedded_metrics = EmbeddedMetrics(environment)

    async def log_again_and_again() -> None:
        while True:
            await asyncio.sleep(interval_seconds)
            embedded_metrics.log()

    logging_task = asyncio.create_task(log_again_and_again())
    try:
        yield
    finally:
        logging_task.cancel()
        embedded_metrics.log()


def counts() -> Counts:
    """Return what this process has counted of requests for predictions since it began."""
    found: Counts = {}
    for sample in metrics.samples():
        labels = dict(sample.labels)
        if labels.pop("route", metrics.INVOCATIONS) == metrics.INVOCATIONS:
            found[sample.name, next(iter(labels.values()), "")] = int(sample.value)
    return found


def metric_values(new: Counts) -> dict[str, float]:
    """Compute the metrics.

    Args:
        new: What was counted since the last time.

    Returns:
        Those that have a value, by name; none when nothing was asked.
    """
    requests = _by_label(new, "abalone_requests_total")
    if not sum(requests.values()):
        return {}
    rings = {
        float(whole) + _HALF_RING: times for whole, times in _by_label(new, "abalone_predicted_rings_total").items()
    }
    below = {float(edge): times for edge, times in _by_label(new, "abalone_request_duration_seconds_bucket").items()}
    predicted = sum(rings.values())
    return {
        "requests": sum(requests.values()),
        "errors": sum(times for status, times in requests.items() if status.startswith("5")),
        "rows": sum(_by_label(new, "abalone_rows_total").values()),
        "out_of_range_rows": sum(_by_label(new, "abalone_warned_rows_total").values()),
        **({"predicted_rings": sum(map(math.prod, rings.items())) / predicted} if predicted else {}),
        "latency_p50": 1000 * histogram_quantile(below, 0.5),
        "latency_p99": 1000 * histogram_quantile(below, 0.99),
    }


def embedded(values: Mapping[str, float], environment: str, seconds: float) -> dict[str, Any]:
    """Write metrics in the embedded metric format.

    Args:
        values: By name.
        environment: Value of the dimension.
        seconds: When they were measured, in seconds of the epoch.
    """
    definition = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": name, "Unit": UNITS[name]} for name in values],
    }
    metadata = {"Timestamp": int(seconds * 1000), "CloudWatchMetrics": [definition]}
    return {"_aws": metadata, DIMENSION: environment, **values}


def histogram_quantile(below: Mapping[float, int], share: float) -> float:
    """Estimate a quantile from a histogram, as Prometheus's function of this name does: linearly within a bin.

    Args:
        below: How many values are at most each edge; the last edge is infinite.
        share: Of the values that are below the quantile.
    """
    wanted = share * below[math.inf]
    edges = [0.0, *sorted(below)]
    low, high = next((low, high) for low, high in pairwise(edges) if below[high] >= wanted)
    before = below.get(low, 0)
    return low if math.isinf(high) else low + (high - low) * (wanted - before) / (below[high] - before)


def _by_label(new: Counts, name: str) -> dict[str, int]:
    return {label: times for (counter, label), times in new.items() if counter == name}
