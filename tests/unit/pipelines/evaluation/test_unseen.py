"""A champion of another split: from the split to the gate, on small data."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from abalone.model.artifact import Artifact
from abalone.model.split import HASH, HASH_SIZE, content_hash
from abalone.pipelines.evaluation.nodes import compare, decide_gate, predict, promote
from abalone.pipelines.evaluation.scores import score
from abalone.pipelines.evaluation.unseen import unseen_by


@pytest.fixture
def champion(model, other_model):
    """Makes the model a champion that was trained with another split."""

    def of_split(**split):
        metadata = json.loads(json.dumps({**model.metadata, "name": "champion"}))
        metadata["split"].update(split)
        return Artifact(other_model.onnx, model.skops, metadata, version="2025-01-01T00.00.00.000Z")

    return of_split


@pytest.fixture
def judge(model, tables, test_predictions, parameters):
    """Compares the model with a champion and decides."""

    def run(champion, **bootstrap):
        changed = {**parameters, "bootstrap": {**parameters["bootstrap"], **bootstrap}}
        comparison = compare(
            model=model,
            metrics=score(test_predictions, parameters["age_bands"], parameters["bootstrap"]),
            test_predictions=test_predictions,
            baseline_predictions={},
            champion=champion,
            test_table=tables[1],
            blocks=10,
            parameters=changed,
        )
        gate = decide_gate(model, comparison, parameters["gate"])
        return comparison, gate, gate["checks"][0]

    return run


def test_champion_of_the_same_split_is_compared_on_every_row(judge, champion, tables):
    comparison, _, check = judge(champion())

    assert comparison["against"]["champion"]["rows"] == len(tables[1])
    assert "identical predictions" in check["detail"]


@pytest.mark.parametrize(
    "split", [{"random_state": 1}, {"test_fraction": 0.1}, {"test_fraction": 0.2, "random_state": 5}]
)
def test_champion_of_another_split_is_compared_on_rows_that_it_has_not_learnt_from(judge, champion, tables, split):
    other = champion(**split)
    used = other.metadata["split"]
    hashes = content_hash(tables[1], used["random_state"])[HASH]
    expected = tables[1][hashes < round(used["test_fraction"] * HASH_SIZE)]

    comparison, _, _ = judge(other)

    pd.testing.assert_frame_equal(unseen_by(other, tables[1]), expected)
    assert 0 < len(expected) < len(tables[1])
    assert comparison["against"]["champion"]["rows"] == comparison["champion"]["overall"]["rows"] == len(expected)


def test_champion_of_a_larger_test_side_is_compared_on_every_row(judge, champion, tables):
    assert judge(champion(test_fraction=0.5))[0]["against"]["champion"]["rows"] == len(tables[1])


@pytest.mark.parametrize(
    ("split", "message"),
    [
        ({"random_state": 1}, r"all but \d+ of the \d+ test rows, and at least 400 are needed"),
        ({"hash_version": 0}, "trained with another hash of the split"),
    ],
)
def test_champion_that_cannot_be_compared_stays_with_a_reason_and_a_remedy(judge, model, champion, split, message):
    other = champion(**split)

    comparison, gate, check = judge(other, minimum_rows=400)

    assert not check["passed"]
    assert comparison["champion"] is None
    assert re.search(message, check["detail"])
    assert "train with the split of the champion" in check["detail"]
    assert "or delete champion.json in 06_models to start anew" in check["detail"]
    if "random_state" in split:
        assert "feature_engineering.test_fraction=0.25, feature_engineering.random_state=1" in check["detail"]
    assert promote(model, other, gate)["version"] == other.version


def test_champion_from_before_splits_were_recorded_cannot_be_compared(judge, model, other_model):
    metadata = {name: value for name, value in model.metadata.items() if name != "split"}

    _, _, check = judge(Artifact(other_model.onnx, model.skops, metadata, version="old"))

    assert not check["passed"]
    assert "another hash of the split" in check["detail"]


def test_champion_that_knows_test_rows_by_heart_is_dethroned(champion_by_heart, judge, tables, test_predictions):
    test = tables[1]
    errors = np.square(predict(champion_by_heart, test)["residual"])
    assert errors.mean() < 0.8 * np.square(test_predictions["residual"]).mean()

    comparison, gate, check = judge(champion_by_heart)

    assert comparison["champion"]["overall"]["rows"] < 0.4 * len(test)
    assert gate["passed"]
    assert check["name"] == "beats_champion"
    assert "test rows that the champion has not learnt from: RMSE" in check["detail"]


def test_champion_that_is_evaluated_again_is_no_rival_of_itself(judge, model):
    comparison, gate, check = judge(model)

    assert comparison["against"]["champion"] == {"itself": True}
    assert gate["passed"] is True
    assert check["detail"] == "the model is the same as the champion, which stays"
