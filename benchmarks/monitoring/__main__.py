"""What monitoring finds, with what chances, and what it costs; the exit code is 1 if a bar is missed."""

import argparse
import sys

from abalone.model.threads import threads_for
from benchmarks.monitoring import cost, detection, false_alarms, labels, rivals
from benchmarks.monitoring.setting import survey
from benchmarks.report import Bar, print_bars

SEED = 1


def main() -> int:
    """Run the sections that are asked for."""
    arguments = _parser().parse_args()
    windows = arguments.windows
    bars: list[Bar] = []
    with threads_for(len(survey())):
        if arguments.part in {"false-alarms", None}:
            bars += false_alarms.measure(windows, SEED)
        if arguments.part in {"detection", None}:
            bars += detection.measure(windows // 4, SEED)
        if arguments.part in {"labels", None}:
            bars += labels.measure(windows, SEED)
        if arguments.part in {"cost", None}:
            bars += cost.measure(5, SEED)
        if arguments.part == "rivals":
            rivals.measure(windows // 8, SEED)
    return 0 if print_bars(bars) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.monitoring", description=__doc__)
    parser.add_argument(
        "part",
        nargs="?",
        choices=["false-alarms", "detection", "labels", "cost", "rivals"],
        help="one section; rivals, which has no bars, is run when it is asked for alone [all but rivals]",
    )
    parser.add_argument("--windows", type=int, default=400, help="windows for false alarms; others by it [400]")
    return parser


if __name__ == "__main__":
    sys.exit(main())
