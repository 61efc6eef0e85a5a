"""The yardstick of the default run: import what it imports, read the train table, fit the final model once.

Usage: python -m benchmarks.speed.single_fit DATA_FOLDER
"""

import importlib
import sys
from pathlib import Path

import pandas as pd
import yaml

from abalone.model.candidates import build_estimator
from benchmarks.speed.measured import REPOSITORY

LIBRARIES = (
    "aiohttp",
    "jinja2",
    "kedro.framework.cli",
    "kedro.framework.session",
    "kedro.runner",
    "kedro_datasets.json",
    "kedro_datasets.matplotlib",
    "kedro_datasets.pandas",
    "kedro_datasets.partitions",
    "kedro_datasets.text",
    "kedro_datasets.yaml",
    "markdown_it",
    "matplotlib.figure",
    "onnx",
    "onnxruntime",
    "pandera.pandas",
    "pyarrow.compute",
    "pyarrow.parquet",
    "rich.progress",
    "scipy.stats",
    "skops.io",
)
"""What the pipelines and the catalog import, beyond what the fit needs."""


def main() -> None:
    """Import, read and fit."""
    for library in LIBRARIES:
        importlib.import_module(library)
    parameters = yaml.safe_load((REPOSITORY / "conf/base/parameters_training.yml").read_text())["training"]
    table = pd.read_parquet(Path(sys.argv[1]) / "05_model_input" / "train_table.parquet")
    build_estimator(parameters["candidates"], "average", parameters["random_state"]).fit(table, table["rings"])


if __name__ == "__main__":
    main()
