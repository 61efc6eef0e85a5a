"""The start of the service: from nothing to its first prediction."""

import statistics
from pathlib import Path

import pandas as pd

from benchmarks.report import Bar, print_table
from benchmarks.serving.progress import say
from benchmarks.serving.service import our_service

STARTS = 5
LONGEST_SECONDS = 1.5


def measure_start(model: Path) -> list[Bar]:
    """Print how long the service takes from the start of its process to its first prediction, and return the bar."""
    say("start of the service")
    seconds = []
    for _ in range(STARTS):
        with our_service(model) as (_, taken):
            seconds.append(taken)
    median = statistics.median(seconds)
    print_table(
        f"From the start of the process to its first prediction, {STARTS} starts on one core",
        pd.DataFrame([{"median, s": f"{median:.2f}", "longest, s": f"{max(seconds):.2f}"}]),
    )
    return [Bar("start to first prediction, s", median, high=LONGEST_SECONDS)]
