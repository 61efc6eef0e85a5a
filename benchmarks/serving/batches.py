"""Batches: rows a second, decoding and encoding included."""

import statistics
from pathlib import Path

import pandas as pd

from benchmarks.report import Bar, print_table
from benchmarks.serving.effort import Effort
from benchmarks.serving.progress import say
from benchmarks.serving.rows import CSV, JSON, JSON_LINES, bodies_of, read_rows
from benchmarks.serving.service import our_service
from benchmarks.serving.wrk import measure_throughput

FORMATS = {"JSON": JSON, "CSV": CSV, "JSON Lines": JSON_LINES}
ROWS, CONNECTIONS = 1000, 4
LEAST_ROWS_PER_SECOND = 100_000


def measure_batches(model: Path, effort: Effort) -> list[Bar]:
    """Print the table of batches, and return their bars."""
    rows = read_rows()
    bodies = {name: bodies_of(rows, content_type, ROWS) for name, content_type in FORMATS.items()}
    say(f"{ROWS:,} rows a request")
    with our_service(model) as (url, _):
        rounds = [
            {
                name: ROWS
                * measure_throughput(
                    url, content_type, bodies[name], connections=CONNECTIONS, seconds=effort.seconds
                ).per_second
                for name, content_type in FORMATS.items()
            }
            for _ in range(effort.rounds)
        ]
    median = {name: statistics.median(figures[name] for figures in rounds) for name in FORMATS}
    print_table(
        f"{ROWS:,} rows a request, on one core, {CONNECTIONS} connections, median of {effort.rounds}",
        pd.DataFrame([{"": name, "rows/s": f"{figure:,.0f}"} for name, figure in median.items()]),
    )
    return [Bar(f"{name}, {ROWS:,} rows, rows/s", figure, low=LEAST_ROWS_PER_SECOND) for name, figure in median.items()]
