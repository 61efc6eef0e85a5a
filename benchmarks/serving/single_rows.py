"""Single rows: requests a second beside the limit, and latency at half of them."""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from abalone.model.artifact import Artifact, load_artifact
from benchmarks.report import Bar, print_table
from benchmarks.serving.effort import Effort
from benchmarks.serving.limit import constant_answers, limit_per_second, onnx_seconds
from benchmarks.serving.open_loop import Latency, measure_latency
from benchmarks.serving.progress import say
from benchmarks.serving.rows import CSV, JSON, bodies_of, read_rows
from benchmarks.serving.service import our_service
from benchmarks.serving.wrk import measure_throughput

FORMATS = {"JSON": JSON, "CSV": CSV}
CONSTANT, ONNX, LIMIT, CAPTURED = "constant answer", "ONNX, µs", "limit", "JSON, captured"
CONNECTIONS = (1, 16, 64)
LATENCY_CONNECTIONS = 64
LEAST_SHARE, LARGEST_RATIO = 0.7, 3.0

Target = tuple[str, str]
"""A URL, and the content type that is posted there."""


def measure_single_rows(model: Path, effort: Effort) -> list[Bar]:
    """Print the tables of single rows, and return their bars."""
    artifact = load_artifact(model)
    with ExitStack() as stack:
        captures = stack.enter_context(tempfile.TemporaryDirectory())
        url, _ = stack.enter_context(our_service(model))
        capturing, _ = stack.enter_context(our_service(model, {"ABALONE_SERVING_CAPTURE": captures}))
        targets = {
            CONSTANT: (stack.enter_context(constant_answers()), JSON),
            **{name: (url, content_type) for name, content_type in FORMATS.items()},
            CAPTURED: (capturing, JSON),
        }
        measured = {connections: _rounds(targets, artifact, connections, effort) for connections in CONNECTIONS}
        most = measured[CONNECTIONS[-1]].median()
        rates = {CONSTANT: most["JSON"] / 2, **{name: most[name] / 2 for name in FORMATS}}
        latencies = {name: _quietest(targets[name], rate, effort) for name, rate in rates.items()}
    print_table(
        f"One row a request, requests/s on one core, median of {effort.rounds}",
        pd.DataFrame([_row(connections, rounds.median()) for connections, rounds in measured.items()]),
    )
    print_table(
        f"Latency at half of that, at a constant rate, quietest of {effort.rounds}",
        pd.DataFrame([_latency_row(name, rates[name], latency) for name, latency in latencies.items()]),
    )
    return [
        *(Bar(f"{name}, one row, requests/s over the limit", most[_share(name)], low=LEAST_SHARE) for name in FORMATS),
        *(
            Bar(f"{name}, one row, p99 over p50 at half load", latencies[name].ratio, high=LARGEST_RATIO)
            for name in FORMATS
        ),
    ]


def _rounds(targets: Mapping[str, Target], artifact: Artifact, connections: int, effort: Effort) -> pd.DataFrame:
    """Return a row a round: requests a second of each target, the limit, and shares of it."""
    say(f"one row a request, {connections} connections")
    rows, rounds = read_rows(), []
    for _ in range(effort.rounds):
        figures = {
            name: measure_throughput(
                url, content_type, bodies_of(rows, content_type), connections=connections, seconds=effort.seconds
            ).per_second
            for name, (url, content_type) in targets.items()
        }
        onnx = onnx_seconds(artifact, rows, effort.seconds)
        limit = limit_per_second(figures[CONSTANT], onnx)
        shares = {_share(name): figures[name] / limit for name in FORMATS}
        rounds.append({**figures, ONNX: onnx * 1e6, LIMIT: limit, **shares})
    return pd.DataFrame(rounds)


def _quietest(target: Target, rate: float, effort: Effort) -> Latency:
    """Return the latency of the round that the machine disturbed least."""
    url, content_type = target
    say(f"latency at {rate:,.0f} requests/s, {content_type}")
    bodies = bodies_of(read_rows(), content_type)
    rounds = [
        measure_latency(url, content_type, bodies, rate=rate, connections=LATENCY_CONNECTIONS, seconds=effort.seconds)
        for _ in range(effort.rounds)
    ]
    return min(rounds, key=lambda latency: latency.p99_seconds)


def _share(name: str) -> str:
    return f"{name} / {LIMIT}"


def _row(connections: int, median: "pd.Series[float]") -> dict[str, str]:
    shares = [_share(name) for name in FORMATS]
    return {
        "connections": f"{connections}",
        CONSTANT: f"{median[CONSTANT]:,.0f}",
        ONNX: f"{median[ONNX]:.0f}",
        **{name: f"{median[name]:,.0f}" for name in (LIMIT, *FORMATS, CAPTURED)},
        **{share: f"{median[share]:.2f}" for share in shares},
    }


def _latency_row(name: str, rate: float, latency: Latency) -> dict[str, str]:
    return {
        "": name,
        "requests/s": f"{rate:,.0f}",
        "p50, ms": f"{latency.p50_seconds * 1e3:.2f}",
        "p99, ms": f"{latency.p99_seconds * 1e3:.2f}",
        "p99 / p50": f"{latency.ratio:.1f}",
    }
