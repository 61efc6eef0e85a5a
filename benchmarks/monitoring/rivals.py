"""Evidently beside the tests of this project: weight, false alarms and power on the same windows."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from abalone.model.traits import PREDICTED_RINGS
from abalone.pipelines.monitoring.drift import detect_drift
from abalone.pipelines.monitoring.known_animals import known_animals
from abalone.schema import MEASUREMENT_NAMES
from benchmarks.monitoring.detection import CHANGES, draw
from benchmarks.monitoring.setting import PARAMETERS, predict, random_splits
from benchmarks.report import print_table, share

HERE = Path(__file__).parent / "rivals" / "evidently"
ENVIRONMENT = Path(__file__).parents[2] / ".benchmark" / "evidently"
COMPARED = [name for name in CHANGES if "10 %" in name or "15 points" in name or "mixed" in name or "quarter" in name]
NONE = "none"
OURS, DATA_SET, COLUMN = "this project", "Evidently, data set", "Evidently, any column"
_IMPORT = "import time, scipy.stats, sklearn.ensemble; print(time.process_time())"


def measure(windows: int, seed: int) -> None:
    """Print the tables; there are no bars, as others' figures are not ours to keep."""
    with tempfile.TemporaryDirectory() as folder:
        ours = _write_windows(Path(folder), windows, seed)
        command = [_python(), HERE / "examine.py", folder]
        theirs = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    rows = []
    for change in (NONE, *COMPARED):
        names = [name for name in ours["found"] if ours["found"][name]["change"] == change]
        rows.append(
            {
                "change": change,
                OURS: share([ours["found"][name]["detected"] for name in names]),
                DATA_SET: share([theirs["found"][name]["data_set"] for name in names]),
                COLUMN: share([theirs["found"][name]["column"] for name in names]),
            }
        )
    print_table(f"Drift detected by both in the same {windows} windows of each change", pd.DataFrame(rows))
    imported = subprocess.run([sys.executable, "-c", _IMPORT], check=True, capture_output=True, text=True).stdout
    packages = next(ENVIRONMENT.glob("lib/python*/site-packages"))
    size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file()) / 1e6
    print_table(
        "Weight",
        pd.DataFrame(
            {
                "": ["SciPy and scikit-learn, which training needs anyway", "Evidently"],
                "packages": ["none more", len(list(packages.glob("*.dist-info")))],
                "MB installed": ["none more", f"{size:,.0f}"],
                "import (s)": [f"{float(imported):.1f}", f"{theirs['import_seconds']:.1f}"],
                "a window of 500 rows (s)": [f"{ours['seconds']:.2f}", f"{theirs['seconds']:.2f}"],
            }
        ),
    )


def _write_windows(folder: Path, windows: int, seed: int) -> dict[str, Any]:
    """Write windows for the rival, and examine them."""
    rng, columns = np.random.default_rng(seed), [*MEASUREMENT_NAMES, PREDICTED_RINGS]
    found, taken = {}, 0.0
    for number, service in enumerate(random_splits(windows, seed)):
        reference = service.metadata["reference"]
        for order, change in enumerate((NONE, *COMPARED)):
            name = f"{order}-{number}"
            window = predict(service.model, CHANGES.get(change, draw)(service.unseen, rng))
            window[columns].to_csv(folder / f"{name}.window.csv", index=False)
            known_animals(reference)[columns].to_csv(folder / f"{name}.reference.csv", index=False)
            start = time.process_time()
            detected = detect_drift(window, window, reference, PARAMETERS["drift"])["detected"]
            taken += time.process_time() - start
            found[name] = {"change": change, "detected": detected}
    return {"found": found, "seconds": taken / len(found)}


def _python() -> Path:
    """Return the interpreter of Evidently's environment, which is made when there is none."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        install = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*install, "--requirement", HERE / "requirements.txt"], check=True)
    return python
