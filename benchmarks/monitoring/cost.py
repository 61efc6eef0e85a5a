"""What the tests of a window cost."""

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from abalone.pipelines.monitoring.drift import detect_drift
from abalone.pipelines.monitoring.performance import measure_performance
from benchmarks.monitoring import captures
from benchmarks.monitoring.setting import PARAMETERS, WINDOW_ROWS, predict, random_splits, reference_of, survey
from benchmarks.report import Bar, print_table
from benchmarks.serving.progress import say

MILLION = 1_000_000


def measure(repeats: int, seed: int) -> list[Bar]:
    """Print the table and return the bars."""
    (service,) = random_splits(1, seed)
    reference, parameters = service.metadata["reference"], PARAMETERS
    answered = predict(service.model, service.unseen)
    few = answered.iloc[:WINDOW_ROWS]
    many = answered.iloc[np.random.default_rng(seed).integers(len(answered), size=MILLION)].reset_index(drop=True)
    known = np.arange(len(survey()))
    say("tests of windows")
    seconds = {
        "reference of the training rows": _median(lambda: reference_of(known, service.model), repeats),
        f"drift, {WINDOW_ROWS} rows": _median(lambda: detect_drift(few, few, reference, parameters["drift"]), repeats),
        f"drift, {MILLION:,} rows": _median(lambda: detect_drift(many, many, reference, parameters["drift"]), 1),
        f"labels, {WINDOW_ROWS} rows": _median(
            lambda: measure_performance(few, reference, service.metadata, parameters["performance"]), repeats
        ),
        f"labels, {MILLION:,} rows": _median(
            lambda: measure_performance(many, reference, service.metadata, parameters["performance"]), 1
        ),
    }
    say("captures: writing, then reading")
    read = captures.measure()
    seconds[f"reading and matching captures, {read['rows']:,} rows"] = read["seconds"]
    decided = sum(taken for what, taken in seconds.items() if f"{MILLION:,}" in what)
    print_table("Cost", pd.DataFrame({"what": what, "seconds": f"{taken:.3f}"} for what, taken in seconds.items()))
    return [
        Bar(f"drift, {WINDOW_ROWS} rows (s)", seconds[f"drift, {WINDOW_ROWS} rows"], high=0.3),
        Bar(f"captures of {read['rows']:,} rows, read, matched and tested (s)", decided, high=30.0),
        Bar(f"reading captures, {read['rows']:,} rows, peak memory (GB)", read["peak_mib"] / 1024, high=2.0),
    ]


def _median(work: Callable[[], object], repeats: int) -> float:
    """Processor time, which other work on the machine does not change."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return float(np.median(taken))
