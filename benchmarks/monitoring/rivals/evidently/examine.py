"""Examines windows with Evidently's preset, in its own environment: python examine.py FOLDER.

FOLDER holds pairs of files, <name>.reference.csv and <name>.window.csv. Prints JSON: the seconds of processor time of
the import and of the windows, and for each name whether the preset calls the data set drifted, and whether any column.
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

IMPORT_SECONDS = time.process_time()


def examine(reference: pd.DataFrame, window: pd.DataFrame) -> dict[str, bool]:
    """Run the preset with its defaults."""
    numbers = [name for name in reference.columns if name != "sex"]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=["sex"])
    data = [Dataset.from_pandas(rows, data_definition=definition) for rows in (window, reference)]
    count = Report([DataDriftPreset()]).run(*data).dict()["metrics"][0]
    value = count["value"]
    return {"data_set": value["share"] >= count["config"]["drift_share"], "column": value["count"] > 0}


def main() -> None:
    """Examine every pair."""
    folder = Path(sys.argv[1])
    pairs = {
        path.name.removesuffix(".window.csv"): (
            pd.read_csv(path.with_name(path.name.replace(".window.", ".reference."))),
            pd.read_csv(path),
        )
        for path in sorted(folder.glob("*.window.csv"))
    }
    begin = time.process_time()
    found = {name: examine(*pair) for name, pair in pairs.items()}
    seconds = (time.process_time() - begin) / len(found)
    print(json.dumps({"import_seconds": IMPORT_SECONDS, "seconds": seconds, "found": found}))


if __name__ == "__main__":
    main()
