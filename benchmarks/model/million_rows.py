"""Fit on a million rows in a process of its own, whose memory can be told apart."""

import json
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from abalone.model.candidates import build_estimator
from abalone.model.threads import threads_for
from abalone.schema import NUMBER_NAMES
from benchmarks.model.setting import CANDIDATES, CHOSEN, PROJECT, SEED, measurements, rings_of
from benchmarks.report import Bar, print_table

ROWS = 1_000_000
JITTER = 0.02
"""Relative standard deviation of the noise that makes resampled rows differ."""


def enlarged(rows: int) -> pd.DataFrame:
    """Return resampled measurements, each number changed a little."""
    random = np.random.default_rng(SEED)
    table = measurements().sample(rows, replace=True, random_state=SEED, ignore_index=True)
    for name in NUMBER_NAMES:
        table[name] *= random.lognormal(0.0, JITTER, rows)
    return table


def fit() -> dict[str, float]:
    """Fit the chosen model and return the seconds and the peak memory of this process."""
    table = enlarged(ROWS)
    start = time.perf_counter()
    with threads_for(ROWS):
        build_estimator(CANDIDATES, CHOSEN, SEED).fit(table, rings_of(table))
    taken = time.perf_counter() - start
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": taken, "gigabytes": kilobytes * 1024 / 1e9}


def measure() -> list[Bar]:
    """Print seconds and memory of the fit, and return their bars."""
    command = [sys.executable, "-m", "benchmarks.model.million_rows"]
    found = json.loads(subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout)
    rows = {"fit": f"{found['seconds']:.1f} s", "peak memory of the process": f"{found['gigabytes']:.2f} GB"}
    print_table(f"{ROWS:,} rows", pd.DataFrame(rows.items(), columns=["what", "measured"]))
    return [
        Bar("fit, 1,000,000 rows (s)", found["seconds"], high=30.0),
        Bar("peak memory, 1,000,000 rows (GB)", found["gigabytes"], high=1.5),
    ]


if __name__ == "__main__":
    print(json.dumps(fit()))
