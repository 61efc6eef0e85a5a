"""`python -m benchmarks.model`: print every table and the bars; the exit code is 1 if a bar is missed."""

import argparse
import sys

from abalone.model.threads import threads_for
from benchmarks.model import accuracy, intervals, million_rows, speed
from benchmarks.model.setting import measurements
from benchmarks.report import print_bars


def main() -> int:
    """Run all sections."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.model", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one repeat of the folds instead of three")
    quick = parser.parse_args().quick
    with threads_for(len(measurements())):
        bars = accuracy.measure(1 if quick else 3)
        bars += intervals.measure(1 if quick else 2)
        bars += speed.measure(1 if quick else 10)
    bars += million_rows.measure()
    return 0 if print_bars(bars) else 1


if __name__ == "__main__":
    sys.exit(main())
