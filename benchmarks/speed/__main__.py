"""Speed and memory of the pipelines: beside a yardstick, and from 10,000 to 1,000,000 rows.

The exit code is 1 if a bar is missed.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.report import Bar, print_bars, print_table
from benchmarks.speed.batches import write_batch
from benchmarks.speed.measured import REPOSITORY, Measurement, run_python

SOURCE = REPOSITORY / "data" / "01_raw" / "landing" / "uci_abalone.csv"
# No telemetry; and compiled modules are kept, as they are unless somebody forbids it.
QUIET = {"KEDRO_DISABLE_TELEMETRY": "1", "PYTHONDONTWRITEBYTECODE": ""}
MILLION = 1_000_000


def kedro_run(data: Path) -> Measurement:
    """Run the default pipeline on a data folder."""
    return run_python("-m", "kedro", "run", env={**QUIET, "ABALONE_DATA": str(data)})


def default_run(repeats: int) -> list[Bar]:
    """Put `kedro run` on the real batch beside importing the same libraries and fitting the final model once."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (data / "01_raw" / "landing").mkdir(parents=True)
        (data / "01_raw" / "landing" / SOURCE.name).write_bytes(SOURCE.read_bytes())
        kedro_run(data)
        # Side by side, so that both meet the machine in the same mood.
        pairs = [
            (run_python("-m", "benchmarks.speed.single_fit", str(data), env=QUIET), kedro_run(data))
            for _ in range(repeats)
        ]
    yardstick, run = (statistics.median(m.seconds for m in column) for column in zip(*pairs, strict=True))
    rows = {"import the same libraries, fit the final model once": yardstick, "`kedro run`": run}
    print_table(
        f"The default run on 4,177 rows, median of {repeats}",
        pd.DataFrame([{"": name, "seconds": f"{s:.2f}", "ratio": f"{s / yardstick:.2f}"} for name, s in rows.items()]),
    )
    return [Bar("`kedro run` over the yardstick", run / yardstick, high=2.5)]


def growth(sizes: list[int]) -> list[Bar]:
    """Show how seconds and memory grow with the number of rows."""
    measured, bars = [], []
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            write_batch(SOURCE, data / "01_raw" / "landing" / "batch.csv", rows)
            stages = json.loads(run_python("-m", "benchmarks.speed.stages", str(data), env=QUIET).output)
            run = kedro_run(data)
        ingestion, features = rows / stages["ingestion"], rows / stages["features"]
        measured.append(
            {
                "rows": f"{rows:,}",
                "ingestion, rows/s": f"{ingestion:,.0f}",
                "features, rows/s": f"{features:,.0f}",
                "whole run, s": f"{run.seconds:.1f}",
                "µs a row": f"{run.seconds / rows * 1e6:.0f}",
                "peak MiB": f"{run.peak_mib:,.0f}",
            }
        )
        if rows >= MILLION:
            bars += [
                Bar("ingestion at a million rows, rows/s", ingestion, low=200_000),
                Bar("features at a million rows, rows/s", features, low=2_000_000),
                Bar("whole run at a million rows, MiB", run.peak_mib, high=4096),
            ]
    print_table("Growth with the number of rows (the real batch, resampled with jitter)", pd.DataFrame(measured))
    return bars


def main() -> int:
    """Print the tables and the bars."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, MILLION], help="sizes of the batches")
    parser.add_argument("--repeats", type=int, default=5, help="pairs of runs behind the ratio")
    arguments = parser.parse_args()
    bars = default_run(arguments.repeats) + growth(arguments.rows)
    return 0 if print_bars(bars) else 1


if __name__ == "__main__":
    sys.exit(main())
