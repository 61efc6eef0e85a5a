"""The service beside other stacks: the same rows, the same load, one core, one worker each."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from benchmarks.report import Bar, print_table
from benchmarks.serving import rival_servers
from benchmarks.serving.effort import Effort
from benchmarks.serving.progress import say
from benchmarks.serving.rows import JSON, bodies_of, read_rows
from benchmarks.serving.service import our_service
from benchmarks.serving.wrk import Throughput, measure_throughput

CONNECTIONS = (1, 16, 64)
OURS, FLASK = "abalone", "Flask, a scikit-learn pipeline on pandas"
LEAST_TIMES_FLASK = 25.0


@dataclass(frozen=True)
class Stack:
    """Something that predicts.

    Attributes:
        name: As the table calls it.
        start: Runs it and yields its URL.
        bodies: One row each.
    """

    name: str
    start: Callable[[], AbstractContextManager[str]]
    bodies: Sequence[bytes]


def compare_rivals(model: Path, effort: Effort) -> list[Bar]:
    """Print requests a second of the service and of each rival, and return the bars."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        say("training the models of the rivals")
        rival_servers.train_pipeline(scratch)
        rival_servers.train_network(scratch)
        stacks = _stacks(model, scratch)
        measured = {stack.name: _throughputs(stack, effort) for stack in stacks}
    best = {name: max(one.per_second for one in by_connections.values()) for name, by_connections in measured.items()}
    times = {name: best[OURS] / figure for name, figure in best.items()}
    print_table(
        "One row a request, requests/s on one core by number of connections",
        pd.DataFrame([_row(name, by_connections, times[name]) for name, by_connections in measured.items()]),
    )
    return [
        Bar(f"{OURS} over: {name}", ratio, low=LEAST_TIMES_FLASK if name == FLASK else 1.0)
        for name, ratio in times.items()
        if name != OURS
    ]


def _stacks(model: Path, scratch: Path) -> list[Stack]:
    rows = read_rows()
    records = bodies_of(rows, JSON)
    plain, own = scratch / "model.skops", model / "model.skops"
    return [
        Stack(OURS, partial(_ours, model), records),
        Stack(FLASK, partial(rival_servers.flask_pandas, plain), records),
        Stack("Flask, abalone's scikit-learn model on pandas", partial(rival_servers.flask_pandas, own), records),
        Stack("nginx, Flask, a Keras network", partial(rival_servers.flask_keras_behind_nginx, scratch), records),
        Stack(
            "MLServer, a scikit-learn pipeline on pandas",
            partial(rival_servers.mlserver, scratch, rows[0]),
            [rival_servers.mlserver_body(row) for row in rows],
        ),
    ]


@contextmanager
def _ours(model: Path) -> Iterator[str]:
    with our_service(model) as (url, _):
        yield url


def _throughputs(stack: Stack, effort: Effort) -> dict[int, Throughput]:
    say(f"one row a request: {stack.name}")
    with stack.start() as url:
        return {
            connections: measure_throughput(url, JSON, stack.bodies, connections=connections, seconds=effort.seconds)
            for connections in CONNECTIONS
        }


def _row(name: str, by_connections: dict[int, Throughput], times: float) -> dict[str, str]:
    return {
        "": name,
        **{f"{connections}": f"{one.per_second:,.0f}" for connections, one in by_connections.items()},
        "p50 of 16, ms": f"{by_connections[16].p50_seconds * 1e3:.1f}",
        "p99 of 16, ms": f"{by_connections[16].p99_seconds * 1e3:.1f}",
        "abalone's best over its best": f"{times:.1f}",
    }
