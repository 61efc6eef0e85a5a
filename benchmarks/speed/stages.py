"""Times ingestion and features on the landing zone of a data folder, in one process; prints seconds as JSON.

Usage: python -m benchmarks.speed.stages DATA_FOLDER
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import yaml

from abalone.model.features import measurement_features
from abalone.pipelines.ingestion.nodes import check_quarantine, drop_duplicates, report_ingestion, validate_batches
from benchmarks.speed.measured import REPOSITORY

Result = TypeVar("Result")


def timed(function: Callable[[], Result]) -> tuple[Result, float]:
    """Call a function; return its result and the seconds it took."""
    started = time.perf_counter()
    result = function()
    return result, time.perf_counter() - started


def main() -> None:
    """Run the ingestion's nodes as the pipeline wires them, then the features."""
    parameters = yaml.safe_load((REPOSITORY / "conf/base/parameters_ingestion.yml").read_text())["ingestion"]
    landing = {path.name: path.read_bytes for path in (Path(sys.argv[1]) / "01_raw" / "landing").glob("*.csv")}

    def ingest():  # the frame that the pipeline saves as measurements
        valid, quarantine, rows_in = validate_batches(
            landing, parameters["parts_tolerance"], parameters["maximum_line_bytes"]
        )
        unique, duplicates = drop_duplicates(valid)
        counts, _ = report_ingestion(unique, duplicates, quarantine, rows_in)
        accepted, _ = check_quarantine(unique, counts, parameters["max_quarantined_fraction"])
        return accepted

    measurements, ingestion_seconds = timed(ingest)
    feature_seconds = min(timed(lambda: measurement_features(measurements))[1] for _ in range(3))
    print(json.dumps({"ingestion": ingestion_seconds, "features": feature_seconds}))


if __name__ == "__main__":
    main()
