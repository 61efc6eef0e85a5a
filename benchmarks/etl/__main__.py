"""From the landing zone to the tables: by the nodes in pandas, on polars where it can be, and by Spark on this machine.

Each run is a process of its own, timed from its start to its end; Spark needs Java. The exit code is 1 if a bar is
missed.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.etl.batches import write_landing_zone
from benchmarks.etl.limits import rows_that_fit
from benchmarks.etl.process_tree import Measurement, measure
from benchmarks.etl.single_machine import PARTING
from benchmarks.report import Bar, print_bars, print_table

SIZES = [1_000_000, 10_000_000]
ENGINES = [*PARTING, "spark"]


@dataclass(frozen=True)
class Run:
    """An engine's way through so many rows."""

    rows: int
    engine: str
    measured: Measurement


def command(engine: str, data: Path) -> list[str]:
    """Return the command that goes from the landing zone of a data folder to its tables."""
    if engine == "spark":
        return [sys.executable, "-m", "abalone.etl", "--environment", "base", "--data", str(data)]
    return [sys.executable, "-m", "benchmarks.etl.single_machine", engine, str(data)]


def runs(sizes: list[int], engines: list[str]) -> Iterator[Run]:
    """Measure each engine on the same batches, size by size."""
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            write_landing_zone(data / "01_raw" / "landing", rows)
            for engine in engines:
                measured = measure(*command(engine, data), env={"KEDRO_DISABLE_TELEMETRY": "1"})
                print(f"{rows:,} rows, {engine}: {measured.seconds:.1f} s", file=sys.stderr, flush=True)
                yield Run(rows, engine, measured)


def print_runs(measured: list[Run]) -> None:
    """Print time and memory of every run, and the parts of those that tell them."""
    whole = [
        {
            "rows": f"{run.rows:,}",
            "engine": run.engine,
            "seconds": f"{run.measured.seconds:.1f}",
            "CPU seconds": f"{run.measured.cpu_seconds:.1f}",
            "rows/s": f"{run.rows / run.measured.seconds:,.0f}",
            "peak MiB": f"{run.measured.peak_mib:,.0f}",
        }
        for run in measured
    ]
    print_table("From the landing zone to the tables, with the start of the process", pd.DataFrame(whole))
    parts = [
        {"rows": f"{run.rows:,}", "engine": run.engine, **{part: f"{s:.1f}" for part, s in seconds.items()}}
        for run in measured
        if run.engine in PARTING and (seconds := json.loads(run.measured.output))
    ]
    if parts:
        print_table("Of that in one process, seconds", pd.DataFrame(parts))


def print_limits(measured: list[Run]) -> None:
    """Print how many rows 8 GB would hold, extrapolated from the smallest and the largest run of each engine."""
    peaks = {(run.engine, run.rows): run.measured.peak_mib for run in measured}
    small, large = (pick(run.rows for run in measured) for pick in (min, max))
    rows = []
    for engine in dict.fromkeys(run.engine for run in measured):
        bytes_a_row, fitting = rows_that_fit((small, peaks[engine, small]), (large, peaks[engine, large]))
        rows.append({"engine": engine, "bytes a row": f"{bytes_a_row:,.0f}", "rows": f"{fitting / 1e6:,.0f} million"})
    print_table(
        "What 8 GB hold, 1 GB of them left to the system: extrapolated from the peaks above, not run",
        pd.DataFrame(rows),
    )


def bars(measured: list[Run]) -> list[Bar]:
    """Return what the default engine is chosen by: on the largest size, pandas is no more work than polars."""
    largest = max(run.rows for run in measured)
    seconds = {run.engine: run.measured.cpu_seconds for run in measured if run.rows == largest}
    if not PARTING.keys() <= seconds.keys():
        return []
    ratio = seconds["pandas"] / seconds["polars"]
    return [Bar(f"{largest:,} rows: CPU seconds of pandas over those of polars", ratio, high=1.1)]


def main() -> int:
    """Print the tables and the bars."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.etl", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES, help="sizes of the landing zone")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES, help="what is measured")
    arguments = parser.parse_args()
    measured = list(runs(arguments.rows, arguments.engines))
    print_runs(measured)
    if len(set(arguments.rows)) > 1:
        print_limits(measured)
    checked = bars(measured)
    return 0 if not checked or print_bars(checked) else 1


if __name__ == "__main__":
    sys.exit(main())
