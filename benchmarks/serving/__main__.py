"""The prediction service on one core: beside its limit, and beside other stacks.

Needs wrk; the comparison needs nginx, too, and makes the environments of the other stacks the first time. The exit code
is 1 if a bar is missed, and 2 if nothing could be measured.
"""

import argparse
import signal
import subprocess
import sys
from pathlib import Path

from abalone.errors import AbaloneError
from benchmarks.report import Bar, print_bars
from benchmarks.serving.batches import measure_batches
from benchmarks.serving.champion import champion_directory
from benchmarks.serving.comparison import compare_rivals
from benchmarks.serving.effort import Effort
from benchmarks.serving.frameworks import compare_frameworks
from benchmarks.serving.single_rows import measure_single_rows
from benchmarks.serving.start import measure_start


def main() -> int:
    """Print the tables and the bars."""
    arguments = _parser().parse_args()
    # Whoever ends this ends the servers, too.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, _: sys.exit(128 + number))
    effort = Effort(arguments.seconds, arguments.rounds)
    try:
        if arguments.part == "frameworks":
            compare_frameworks(effort)
            return 0
        model = arguments.model or champion_directory()
        bars: list[Bar] = []
        if arguments.part in {"ours", None}:
            bars += measure_single_rows(model, effort) + measure_batches(model, effort) + measure_start(model)
        if arguments.part in {"rivals", None}:
            bars += compare_rivals(model, effort)
    except (AbaloneError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if print_bars(bars) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.serving", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "part",
        nargs="?",
        choices=["ours", "rivals", "frameworks"],
        help="ours: the service and its limit; rivals: other stacks beside it; frameworks: web frameworks and servers "
        "without a model, which have no bars; none: ours, then rivals",
    )
    parser.add_argument("--model", type=Path, help="directory of the artifact that is served; the champion's if none")
    parser.add_argument("--seconds", type=float, default=3, help="length of each measurement, whole seconds [3]")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is made; tables show the median [3]")
    return parser


if __name__ == "__main__":
    sys.exit(main())
