"""The training pipeline from table to artifact."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.runner import SequentialRunner
from kedro_datasets.pandas import CSVDataset

from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact, artifact_from_files
from abalone.model.cross_validation import best_candidate
from abalone.model.split import HASH_VERSION
from abalone.pipelines.training import create_pipeline
from abalone.pipelines.training.nodes import fit_model, select_candidate
from support.project import REPOSITORY

PARAMETERS: dict[str, Any] = {
    "random_state": 0,
    "select_by": "random",
    "cross_validation": {"folds": 4, "blocks": 3},
    "candidates": {
        "mean": {"estimator": "mean"},
        "linear": {"estimator": "linear"},
        "kernel": {"estimator": "kernel", "landmarks": 60},
        "average": {"average_of": ["linear", "kernel"]},
    },
    "intervals": {"level": 0.9, "folds": 3, "hyperparameters": {"max_iter": 10}},
}


@pytest.fixture(scope="module")
def train_table() -> pd.DataFrame:
    rows = pd.read_csv(REPOSITORY / "data/01_raw/landing/uci_abalone.csv")
    return rows.assign(batch="uci_abalone", line=np.arange(len(rows)) + 2, flags="")[::5].reset_index(drop=True)


Train = Callable[..., tuple[Artifact, pd.DataFrame]]


@pytest.fixture
def train(tmp_path: Path) -> Train:
    """Runs the pipeline on a table and returns the artifact and the table of candidates."""

    def run(table: pd.DataFrame, tuned: dict[str, Any] | None = None) -> tuple[Artifact, pd.DataFrame]:
        inputs = {
            "train_table": table,
            "tuned_hyperparameters": tuned or {},
            "params:training": PARAMETERS,
            "params:feature_engineering.test_fraction": 0.25,
            "params:feature_engineering.random_state": 7,
            "params:training.candidates": PARAMETERS["candidates"],
            "params:training.select_by": PARAMETERS["select_by"],
        }
        scores = CSVDataset(filepath=str(tmp_path / "cross_validation.csv"), save_args={"index": False})
        datasets = {name: MemoryDataset(value) for name, value in inputs.items()}
        catalog = DataCatalog({**datasets, "cross_validation": scores, "model": MemoryDataset()})
        SequentialRunner().run(create_pipeline(), catalog)
        return catalog.load("model"), scores.load()

    return run


def test_artifact_is_that_of_the_best_candidate(train: Train, train_table: pd.DataFrame) -> None:
    artifact, scores = train(train_table)

    random = scores[scores["protocol"] == "random"].set_index("candidate")["rmse"]
    best = best_candidate(scores, "random")
    assert artifact.metadata["name"] == best != "mean"
    assert artifact.metadata["cross_validation"]["random"]["rmse"] == pytest.approx(random[best])
    assert set(artifact.metadata["cross_validation"]) == {"random", "new_site"}
    assert artifact_from_files(artifact.files()).predict(train_table).rings.shape == (len(train_table),)


def test_table_of_candidates_has_a_row_for_each_and_protocol(train: Train, train_table: pd.DataFrame) -> None:
    scores = train(train_table)[1]

    assert len(scores) == len(PARAMETERS["candidates"]) * 2
    assert {"rmse", "rmse_standard_error", "mae", "r2"} <= set(scores.columns)
    assert (scores["rmse_standard_error"] > 0).all()


def test_two_runs_give_the_same_model_and_scores(train: Train, train_table: pd.DataFrame) -> None:
    (first, scores), (again, same_scores) = train(train_table), train(train_table)

    assert first.onnx == again.onnx
    pd.testing.assert_frame_equal(scores, same_scores, check_exact=True)


def test_model_does_not_depend_on_what_the_batch_is_called(train: Train, train_table: pd.DataFrame) -> None:
    renamed = train_table.assign(batch="another", line=train_table["line"] * 10, flags="implausible")

    assert train(renamed)[0].onnx == train(train_table)[0].onnx


def test_tuned_hyperparameters_are_used_and_recorded(train: Train, train_table: pd.DataFrame) -> None:
    artifact = train(train_table, {"kernel": {"ridge": 0.5}})[0]

    assert artifact.metadata["hyperparameters"]["kernel"] == {"estimator": "kernel", "landmarks": 60, "ridge": 0.5}


def test_artifact_says_how_its_data_were_split(train: Train, train_table: pd.DataFrame) -> None:
    split = train(train_table)[0].metadata["split"]

    assert split == {"hash_version": HASH_VERSION, "test_fraction": 0.25, "random_state": 7}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"estimator": "kernel", "ridge": -1.0}, "ridge == -1.0, must be >= 0"),
        ({"estimator": "poisson_boosting", "max_iter": -3}, "max_iter"),
    ],
)
def test_final_fit_names_the_candidate_that_is_wrong(
    train_table: pd.DataFrame, spec: dict[str, Any], message: str
) -> None:
    with pytest.raises(AbaloneError, match=rf"training\.candidates\.x cannot be fitted: .*{message}"):
        fit_model(train_table, {"x": spec}, "x", PARAMETERS)


def test_unknown_protocol_to_select_by_is_an_error() -> None:
    row = {"candidate": "a", "protocol": "random", "rmse": 2.0, "rmse_standard_error": 0.1}
    scores = pd.DataFrame([row])

    with pytest.raises(AbaloneError, match=r"training\.select_by: 'site'"):
        select_candidate(scores, "site")
