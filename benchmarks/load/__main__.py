"""A load test of the prediction service: many users with real rows, who come one after another and stay.

Asks a URL, or a SageMaker endpoint as boto3 finds it (AWS_ENDPOINT_URL is honoured); without either it starts the
service on this machine and watches its memory, too. A key that callers have to send is read from
ABALONE_SERVING_API_KEY. The exit code is 1 if a request failed, the memory grew, or the test could not run.
"""

import argparse
import signal
import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pandas as pd

from abalone.errors import AbaloneError
from benchmarks.load.locust_run import Load, locust_running
from benchmarks.load.memory import Memory, watch_memory
from benchmarks.load.results import Results, read_results
from benchmarks.load.targets import Target, at_endpoint, at_url, on_this_machine
from benchmarks.report import Bar, print_bars, print_table
from benchmarks.serving.champion import champion_directory
from benchmarks.serving.progress import say

LARGEST_GROWTH = 1.05
"""Of the memory, over the test: the buffers of connections stay within it, a leak of 1 kB a request does not."""


def main() -> int:
    """Run the test and print its tables."""
    arguments = _parser().parse_args()
    # Whoever ends this ends Locust and the service, too.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, _: sys.exit(128 + number))
    load = Load(arguments.users, arguments.ramp_seconds, arguments.seconds, arguments.pace_seconds)
    try:
        with _target(arguments) as target:
            results, memory = _measure(target, load, page=arguments.page)
    except AbaloneError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if _report(load, results, memory) else 1


def _measure(target: Target, load: Load, *, page: bool) -> tuple[Results, Memory | None]:
    say(f"{load.users} users ask {target.name} for {load.seconds:g} s")
    memory = None
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        with locust_running(load, target.options, results, page=page) as process:
            if target.pid is not None:
                memory = watch_memory(target.pid, process, load.seconds)
            process.wait()
        return read_results(results), memory


def _report(load: Load, results: Results, memory: Memory | None) -> bool:
    """Print the tables, and return whether the bars are passed."""
    print_table(
        f"{load.users} users within {load.ramp_seconds:g} s, each with a request every {load.pace_seconds:g} s, "
        f"for {load.seconds:g} s",
        pd.DataFrame(results["requests"]),
    )
    if results["errors"]:
        print_table("Errors", pd.DataFrame(results["errors"]))
    bars = [Bar("errors", results["error_count"], high=0)]
    if memory is not None:
        figures = {"after the first seconds": f"{memory.early:.0f} MiB", "at the end": f"{memory.late:.0f} MiB"}
        print_table("Memory of the service", pd.DataFrame([figures]))
        bars.append(
            Bar("memory at the end over memory at the beginning", memory.late / memory.early, high=LARGEST_GROWTH)
        )
    return print_bars(bars)


def _target(arguments: argparse.Namespace) -> AbstractContextManager[Target]:
    if arguments.url:
        return nullcontext(at_url(arguments.url))
    if arguments.endpoint:
        return nullcontext(at_endpoint(arguments.endpoint))
    return on_this_machine(arguments.model or champion_directory(), arguments.workers)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--url", help="of a service that runs, such as http://127.0.0.1:8080")
    asked.add_argument("--endpoint", help="name of a SageMaker endpoint")
    asked.add_argument("--model", type=Path, help="artifact for a service on this machine; the champion's if none")
    parser.add_argument("--workers", type=int, default=1, help="processes of a service on this machine [1]")
    parser.add_argument("--users", type=int, default=300, help="how many ask at a time [300]")
    parser.add_argument("--ramp-seconds", type=float, default=10, help="until all users have come [10]")
    parser.add_argument("--seconds", type=float, default=60, help="how long the test runs, the ramp included [60]")
    parser.add_argument(
        "--pace-seconds", type=float, default=0.5, help="from a request of a user to its next one [0.5]"
    )
    parser.add_argument("--page", action="store_true", help="show the test in the browser, and stay until Ctrl-C")
    return parser


if __name__ == "__main__":
    sys.exit(main())
