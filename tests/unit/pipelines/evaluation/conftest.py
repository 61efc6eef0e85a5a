"""A real model of real measurements, and what the evaluation makes of it."""

from typing import Any

import numpy as np
import onnx
import pandas as pd
import pytest
import yaml

from abalone.model.artifact import Artifact, artifact_from_files
from abalone.model.candidates import build_estimator
from abalone.model.cross_validation import cross_validate, fold_numbers, score_candidates
from abalone.model.export import export_artifact
from abalone.model.intervals import fit_intervals
from abalone.model.split import train_test_split
from abalone.pipelines.evaluation.nodes import compare, predict, predict_with_baselines
from abalone.pipelines.evaluation.scores import score
from support.project import REPOSITORY

CANDIDATES = {
    "mean": {"estimator": "mean"},
    "linear": {"estimator": "linear"},
    "kernel": {"estimator": "kernel", "landmarks": 60},
}

SPLIT = {"test_fraction": 0.25, "random_state": 3}

BLOCKS = 10


@pytest.fixture(scope="session")
def parameters() -> dict[str, Any]:
    text = (REPOSITORY / "conf" / "base" / "parameters_evaluation.yml").read_text()
    return yaml.safe_load(text)["evaluation"]


@pytest.fixture(scope="session")
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Train and test table, as the split by SPLIT makes them."""
    rows = pd.read_csv(REPOSITORY / "data" / "01_raw" / "landing" / "uci_abalone.csv").iloc[:2000]
    rows = rows[rows["height"] > 0].assign(batch="uci_abalone", line=np.arange(2, 2 + (rows["height"] > 0).sum()))
    train, test = train_test_split(rows, **SPLIT)
    return train.reset_index(drop=True), test.reset_index(drop=True)


@pytest.fixture(scope="session")
def cross_validated(tables: tuple[pd.DataFrame, pd.DataFrame]) -> tuple[pd.DataFrame, pd.Series]:
    """The table of both protocols, and the kernel model's out-of-fold residuals."""
    train, _ = tables
    folds = fold_numbers(train, folds=3, blocks=4, random_state=0)
    out_of_fold = cross_validate(train, CANDIDATES, folds, 0)
    return score_candidates(train, out_of_fold), train["rings"] - out_of_fold["random"]["kernel"]


@pytest.fixture(scope="session")
def model(tables: tuple[pd.DataFrame, pd.DataFrame], cross_validated: tuple[pd.DataFrame, pd.Series]) -> Artifact:
    return train_model(tables[0], cross_validated[1])


@pytest.fixture(scope="session")
def test_predictions(model: Artifact, tables: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    return predict(model, tables[1])


@pytest.fixture(scope="session")
def comparison(
    model: Artifact,
    tables: tuple[pd.DataFrame, pd.DataFrame],
    test_predictions: pd.DataFrame,
    parameters: dict[str, Any],
) -> dict[str, Any]:
    """The comparison without a champion."""
    baselines = predict_with_baselines(*tables, CANDIDATES, 0, parameters["baselines"])
    return compare(
        model=model,
        metrics=score(test_predictions, parameters["age_bands"], parameters["bootstrap"]),
        test_predictions=test_predictions,
        baseline_predictions=baselines,
        champion=None,
        test_table=tables[1],
        blocks=BLOCKS,
        parameters=parameters,
    )


def train_model(
    table: pd.DataFrame,
    residuals: pd.Series,
    split: dict[str, Any] = SPLIT,
    candidate: dict[str, Any] = CANDIDATES["kernel"],
) -> Artifact:
    point = build_estimator({"kernel": candidate}, "kernel", 0).fit(table, table["rings"].to_numpy(float))
    intervals = fit_intervals(
        point, table, residuals.to_numpy(float), level=0.9, folds=2, hyperparameters={"max_iter": 20}, random_state=0
    )
    exported = export_artifact(
        intervals,
        table,
        name="kernel",
        parameters={},
        hyperparameters={},
        cross_validation={"random": {"rmse": float(np.sqrt(np.square(residuals).mean()))}},
        reference={},
        split=split,
    )
    return artifact_from_files(exported.files(), version="2026-01-01T00.00.00.000Z")


@pytest.fixture(scope="session")
def champion_by_heart(tables: tuple[pd.DataFrame, pd.DataFrame]) -> Artifact:
    """A model that knows the test rows which are train rows of another split by heart, and nothing else."""
    split = {"test_fraction": 0.25, "random_state": 1}
    seen, _ = train_test_split(tables[1], **split)
    memory = {"estimator": "poisson_boosting", "learning_rate": 1.0, "max_leaf_nodes": None, "min_samples_leaf": 1}
    return train_model(seen, seen["rings"] - seen["rings"].mean(), split, memory)


def another_graph(model: Artifact) -> bytes:
    """A graph of other bytes that predicts what the model's does."""
    graph = onnx.load_from_string(model.onnx)
    graph.doc_string = "another one"
    serialized: bytes = graph.SerializeToString()
    return serialized


@pytest.fixture(scope="session")
def other_model(model: Artifact) -> Artifact:
    """Another model that happens to predict the same: a version and a graph of its own."""
    return Artifact(
        another_graph(model), model.skops, {**model.metadata, "name": "other"}, version="2026-01-02T00.00.00.000Z"
    )
