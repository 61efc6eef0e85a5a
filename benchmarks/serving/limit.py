"""What no service of one core can exceed by much: a constant answer, and one run of the model, a request."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from abalone.model.artifact import Artifact
from abalone.schema import NUMBER_NAMES, SEX
from benchmarks.serving.cores import running_on, server_core
from benchmarks.serving.environments import RIVALS
from benchmarks.serving.processes import HOST, free_port, serving
from benchmarks.serving.rows import Row
from benchmarks.serving.service import first_row

UVICORN = ("uvicorn", "--loop=uvloop", "--http=httptools", "--no-access-log", "--log-level=warning")
RUNS_A_LOOK = 100


def limit_per_second(constant_per_second: float, onnx_seconds: float) -> float:
    """Return requests a second of a server that does no more than answer and run the model.

    Args:
        constant_per_second: Constant answers a second of a bare ASGI application on the same server.
        onnx_seconds: Time of one run of the model on one row.
    """
    return 1 / (1 / constant_per_second + onnx_seconds)


@contextmanager
def constant_answers() -> Iterator[str]:
    """Run the bare application until the block ends, and yield its URL."""
    port = free_port()
    command = [sys.executable, "-m", *UVICORN, f"--host={HOST}", f"--port={port}", "app:app"]
    url = f"http://{HOST}:{port}/"
    with serving(command, first_row(url), core=server_core(), folder=RIVALS / "bare"):
        yield url


def onnx_seconds(artifact: Artifact, rows: list[Row], seconds: float) -> float:
    """Return the mean time of one run of the model on one row, on the server's core."""
    sexes = [np.array([row[SEX.name]], dtype=object) for row in rows[:RUNS_A_LOOK]]
    numbers = [np.array([[row[name] for name in NUMBER_NAMES]], dtype=np.float64) for row in rows[:RUNS_A_LOOK]]
    runs = 0
    with running_on(server_core()):
        artifact.predict_arrays(sexes[0], numbers[0])
        started = time.perf_counter()
        while time.perf_counter() < started + seconds:
            for sex, number in zip(sexes, numbers, strict=True):
                artifact.predict_arrays(sex, number)
            runs += len(sexes)
        return (time.perf_counter() - started) / runs
