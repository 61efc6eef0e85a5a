"""Speed and memory of the pipelines, beside a yardstick and from 10,000 to 1,000,000 rows.

Usage: python -m benchmarks.speed [--rows N ...] [--repeats N]
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.speed.batches import write_batch
from benchmarks.speed.measured import REPOSITORY, Measurement, run_python

SOURCE = REPOSITORY / "data" / "01_raw" / "landing" / "uci_abalone.csv"
QUIET = {"KEDRO_DISABLE_TELEMETRY": "1"}
MILLION = 1_000_000

# The bars; see the tables for what is measured.
MAXIMUM_RATIO = 2.5
MINIMUM_INGESTION_ROWS_PER_SECOND = 200_000
MINIMUM_FEATURE_ROWS_PER_SECOND = 2_000_000
MAXIMUM_PEAK_MIB = 4096


def kedro_run(data: Path) -> Measurement:
    """Run the default pipeline on a data folder."""
    return run_python("-m", "kedro", "run", env={**QUIET, "ABALONE_DATA": str(data)})


def default_run(console: Console, repeats: int) -> bool:
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
    table = Table(title=f"The default run on 4,177 rows, median of {repeats}")
    for column in ("", "seconds", "ratio"):
        table.add_column(column, justify="right" if column else "left")
    table.add_row("import the same libraries, fit the final model once", f"{yardstick:.2f}", "1.00")
    table.add_row("kedro run", f"{run:.2f}", f"{run / yardstick:.2f}")
    console.print(table)
    return run <= MAXIMUM_RATIO * yardstick


def growth(console: Console, sizes: list[int]) -> bool:
    """Show how seconds and memory grow with the number of rows."""
    table = Table(title="Growth with the number of rows (the real batch, resampled with jitter)")
    for column in ("rows", "ingestion rows/s", "features rows/s", "whole run s", "µs a row", "peak MiB"):
        table.add_column(column, justify="right")
    passed = True
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            write_batch(SOURCE, data / "01_raw" / "landing" / "batch.csv", rows)
            stages = json.loads(run_python("-m", "benchmarks.speed.stages", str(data), env=QUIET).output)
            run = kedro_run(data)
        ingestion, features = rows / stages["ingestion"], rows / stages["features"]
        table.add_row(
            f"{rows:,}", f"{ingestion:,.0f}", f"{features:,.0f}", f"{run.seconds:.1f}",
            f"{run.seconds / rows * MILLION:.0f}", f"{run.peak_mib:,.0f}",
        )  # fmt: skip
        if rows >= MILLION:
            passed = (
                ingestion >= MINIMUM_INGESTION_ROWS_PER_SECOND
                and features >= MINIMUM_FEATURE_ROWS_PER_SECOND
                and run.peak_mib <= MAXIMUM_PEAK_MIB
            )
    console.print(table)
    return passed


def main() -> None:
    """Print both tables; exit with 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, MILLION], help="sizes of the batches")
    parser.add_argument("--repeats", type=int, default=5, help="pairs of runs behind the ratio")
    arguments = parser.parse_args()
    console = Console(width=110)
    passed = [default_run(console, arguments.repeats), growth(console, arguments.rows)]
    console.print(
        f"bars: kedro run within {MAXIMUM_RATIO} times the yardstick; at a million rows, ingestion "
        f"{MINIMUM_INGESTION_ROWS_PER_SECOND:,} rows/s, features {MINIMUM_FEATURE_ROWS_PER_SECOND:,} rows/s, "
        f"{MAXIMUM_PEAK_MIB:,} MiB: {'all met' if all(passed) else 'MISSED'}"
    )
    sys.exit(not all(passed))


if __name__ == "__main__":
    main()
