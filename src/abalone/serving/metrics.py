"""What the service counts, for Prometheus; all its workers together."""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from abalone.schema import RINGS
from abalone.serving.capture import Capture
from abalone.serving.settings import METRICS_DIRECTORY

# METRICS_DIRECTORY has to be set before prometheus_client is imported.
disable_created_metrics()  # type: ignore[no-untyped-call]  # nobody asks when a counter began

INVOCATIONS = "/invocations"
"""The route of the requests for predictions, whatever their path."""

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_requests = Counter("abalone_requests", "Requests answered", ["route", "status"])
_durations = Histogram("abalone_request_duration_seconds", "Time to answer a request", ["route"], buckets=_SECONDS)
_rows = Counter("abalone_rows", "Rows of requests, by what became of them", ["outcome"])
_rings = Counter("abalone_predicted_rings", "Predictions, by their whole number of rings", ["rings"])
_warnings = Counter("abalone_warnings", "Warnings about rows", ["code"])
_warned = Counter("abalone_warned_rows", "Rows that were predicted with a warning")
_reloads = Counter("abalone_model_reloads", "Models that were put in place, by what became of them", ["outcome"])
_captures = Counter("abalone_capture_records", "Records of predictions and feedback", ["outcome"])


@lru_cache(maxsize=1024)
def _of_request(route: str, status: int) -> tuple[Counter, Histogram]:
    return _requests.labels(route, str(status)), _durations.labels(route)


def count_request(route: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    requests, durations = _of_request(route, status)
    requests.inc()
    durations.observe(seconds)


_predicted, _invalid = _rows.labels("predicted"), _rows.labels("invalid")
_of_rings = [_rings.labels(str(rings)) for rings in range(int(RINGS.maximum) + 1)]


def count_rows(predicted: int, invalid: int) -> None:
    """Count the rows of a request."""
    _predicted.inc(predicted)
    if invalid:
        _invalid.inc(invalid)


def count_rings(rings: Sequence[float]) -> None:
    """Count predictions by their whole number of rings."""
    if len(rings) == 1:
        _of_rings[min(max(int(rings[0]), 0), len(_of_rings) - 1)].inc()
        return
    counts = np.bincount(np.clip(rings, 0, len(_of_rings) - 1).astype(np.intp))
    for value in np.flatnonzero(counts).tolist():
        _of_rings[value].inc(int(counts[value]))


def count_warnings(codes: Sequence[str]) -> None:
    """Count the warnings about a row, one at least."""
    _warned.inc()
    for code in codes:
        _warnings.labels(code).inc()


def count_reload(outcome: str) -> None:
    """Count a model that was put in place: loaded or refused."""
    _reloads.labels(outcome).inc()


class CaptureCounts:
    """Counts the records of a capture, which counts for itself, in a thread of its own."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._counted = {"written": 0, "dropped": 0}
        self.update()

    def update(self) -> None:
        """Count what was written and dropped since the last time."""
        now = {"written": self._capture.written, "dropped": self._capture.dropped}
        for outcome, records in now.items():
            _captures.labels(outcome).inc(max(0, records - self._counted[outcome]))
        self._counted = now


class _ModelInfo(Collector):
    """What is so now, in this worker; a gauge would be shared with the others and outlive it."""

    def __init__(self, version: str, digest: str) -> None:
        self._values = [version, digest]

    def collect(self) -> Iterable[Metric]:
        info = GaugeMetricFamily("abalone_model_info", "The model in service", labels=["version", "digest"])
        info.add_metric(self._values, 1)
        return [info]


def samples() -> Iterator[Sample]:
    """Return what this process alone has counted of requests, rows and predictions."""
    for metric in (_requests, _durations, _rows, _warned, _rings):
        for family in metric.collect():
            yield from family.samples


def exposition(model_version: str, model_digest: str) -> bytes:
    """Return everything in Prometheus's text format.

    Args:
        model_version: Version of the model in service.
        model_digest: Its digest.
    """
    now = CollectorRegistry()
    now.register(_ModelInfo(model_version, model_digest))
    counted = REGISTRY
    if METRICS_DIRECTORY in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    return generate_latest(counted) + generate_latest(now)
