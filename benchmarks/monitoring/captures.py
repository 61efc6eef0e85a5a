"""What it costs to read captures: half of the rows asked for one by one, half of them in batches."""

import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from abalone.captures import Window, capture_files, match_labels, read_captures, read_labels
from abalone.schema import MEASUREMENT_NAMES
from abalone.serving.capture import FeedbackEvent, PredictionEvent
from abalone.serving.formats import Format, WrittenFormat, write
from abalone.serving.messages import Outcome, Prediction, Problem
from benchmarks.speed.measured import run_python

ROWS = 1_000_000
BATCH_ROWS = 500
LABELLED_SHARE = 0.05
FILE_EVENTS = 20_000
BEGIN = 1_790_000_000.0
"""2026-09-21T14:13:20Z."""
VERSION = "2026-09-20T10.00.00.000Z"
SEED = 60


def measure(rows: int = ROWS) -> dict[str, float]:
    """Read captures of so many rows, with labels of one in twenty, in a process of its own.

    Args:
        rows: How many.

    Returns:
        `rows` that were read, `mib` of files, `seconds` of reading and matching and `cpu_seconds` of them,
        `rows_per_second`, and `peak_mib` of the process.
    """
    with tempfile.TemporaryDirectory() as folder:
        size = _write(Path(folder), rows)
        measured = run_python("-m", "benchmarks.monitoring.captures", folder, env={})
    found = json.loads(measured.output)
    return {
        "rows": found["rows"],
        "mib": size / 2**20,
        "seconds": found["seconds"],
        "cpu_seconds": found["cpu_seconds"],
        "rows_per_second": found["rows"] / found["seconds"],
        "peak_mib": measured.peak_mib,
    }


def _write(folder: Path, rows: int) -> int:
    """Write captures and labels, a file after the other, and return their bytes."""
    events = _events(rows)
    size = 0
    for number, first in enumerate(events):
        some = [first, *itertools.islice(events, FILE_EVENTS - 1)]
        for name, lines in (
            ("abalone/local", [event.to_line() for event in some]),
            ("abalone-ground-truth", [label.to_line() for event in some for label in _labels(event)]),
        ):
            hour = time.strftime("%Y/%m/%d/%H", time.gmtime(some[0].time))
            path = folder / name / hour / f"{number:06}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            size += path.write_bytes(b"".join(lines))
    return size


def _events(rows: int) -> Iterator[PredictionEvent]:
    """Make events as the service captures them: single rows in CSV and in JSON by turns, then batches in CSV."""
    rng = np.random.default_rng(SEED)
    single = rows // 2
    for number in range(single):
        yield _event(rng, number, 1, Format.JSON if number % 2 else Format.CSV)
    for number, first in enumerate(range(single, rows, BATCH_ROWS), single):
        yield _event(rng, number, min(BATCH_ROWS, rows - first), Format.CSV)


def _event(rng: np.random.Generator, number: int, rows: int, form: Format) -> PredictionEvent:
    numbers = np.round(rng.uniform(0.05, 0.6, (rows, len(MEASUREMENT_NAMES) - 1)), 4).tolist()
    rings = rng.uniform(5, 20, rows).tolist()
    warning = Problem("unusual", "height 0.42 is larger than any that the model was trained on", "height")
    outcomes: list[Outcome] = [
        Prediction(value, value - 3.0, value + 4.0, value + 1.5, [warning] if value > 19 else []) for value in rings
    ]
    if form is Format.JSON:
        records = [dict(zip(MEASUREMENT_NAMES, ["M", *row], strict=True)) for row in numbers]
        request = json.dumps(records).encode()
    else:
        request = "".join("M," + ",".join(map(repr, row)) + "\n" for row in numbers).encode()
    name = f"{number:032x}"
    answer = write(WrittenFormat(form, None), name, VERSION, outcomes, request_has_header=False)
    return PredictionEvent(name, BEGIN + number / 100, form.value, request, form.value, answer, VERSION)


def _labels(event: PredictionEvent) -> Iterator[FeedbackEvent]:
    every = round(1 / LABELLED_SHARE)
    if int(event.inference_id, 16) % every == 0:
        yield FeedbackEvent(event.inference_id, 1, 9, event.time + 60)


def _read(folder: Path) -> dict[str, float]:
    """Read the captures of a folder, and tell how many rows there are, and how long it took."""
    started, cpu_started = time.perf_counter(), time.process_time()
    files = capture_files(
        {path.relative_to(folder).with_suffix("").as_posix(): path.read_bytes for path in folder.rglob("*.jsonl")}
    )
    _, counts = read_captures(files, Window())
    labels, _ = read_labels(files, Window())
    # read again, as the pipeline does, whose labels are of another time than its window
    rows, _ = read_captures(files, Window(), wanted=set(labels["event_id"]))
    match_labels(rows, labels)
    return {
        "rows": counts["rows"],
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - cpu_started,
    }


if __name__ == "__main__":
    print(json.dumps(_read(Path(sys.argv[1])) if len(sys.argv) > 1 else measure()))
