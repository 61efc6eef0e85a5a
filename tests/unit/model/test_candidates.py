"""From parameters to estimators, and the messages for those that are wrong."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from abalone.errors import AbaloneError
from abalone.model.candidates import build_estimator, members, with_tuned

CANDIDATES: dict[str, dict[str, Any]] = {
    "mean": {"estimator": "mean"},
    "kernel": {"estimator": "kernel", "landmarks": 20, "ridge": 0.5},
    "both": {"average_of": ["mean", "kernel"]},
}


def test_hyperparameters_and_seed_reach_the_estimator() -> None:
    model = build_estimator(CANDIDATES, "kernel", random_state=7)[-1]

    assert (model.landmarks, model.ridge, model.random_state) == (20, 0.5, 7)


def test_seed_of_the_parameters_wins_over_the_common_one() -> None:
    candidates = {"kernel": {"estimator": "kernel", "random_state": 3}}

    assert build_estimator(candidates, "kernel", random_state=7)[-1].random_state == 3


def test_average_predicts_the_mean_of_its_members(table: pd.DataFrame, rings: np.ndarray) -> None:
    built = {name: build_estimator(CANDIDATES, name, 0).fit(table, rings) for name in CANDIDATES}

    mean = (built["mean"].predict(table) + built["kernel"].predict(table)) / 2
    np.testing.assert_allclose(built["both"].predict(table), mean, rtol=1e-12)
    assert members(CANDIDATES, "both") == ("mean", "kernel")


def test_tuned_values_override_those_of_the_parameters() -> None:
    assert with_tuned(CANDIDATES, {"kernel": {"ridge": 0.1}})["kernel"] == {
        "estimator": "kernel",
        "landmarks": 20,
        "ridge": 0.1,
    }


@pytest.mark.parametrize("nothing", [None, {}])
def test_without_tuned_values_the_parameters_stand(nothing: dict[str, Any] | None) -> None:
    assert with_tuned(CANDIDATES, nothing) == CANDIDATES


def test_tuned_values_of_an_unknown_candidate_are_an_error() -> None:
    with pytest.raises(AbaloneError, match=r"tuned_hyperparameters\.yml has values for \['forest'\]"):
        with_tuned(CANDIDATES, {"forest": {}})


@pytest.mark.parametrize("tuned", [{"kernel": 3}, ["kernel"], "kernel", {"kernel": None}])
def test_tuned_values_of_the_wrong_shape_are_an_error_that_names_the_file(tuned: Any) -> None:
    with pytest.raises(AbaloneError, match=r"tuned_hyperparameters\.yml is not .*: delete it, or run tuning again"):
        with_tuned(CANDIDATES, tuned)


@pytest.mark.parametrize("spec", [None, 3, "kernel", ["kernel"]])
def test_candidate_that_is_no_mapping_is_an_error(spec: Any) -> None:
    with pytest.raises(AbaloneError, match=r"training\.candidates\.average is not a candidate"):
        with_tuned({**CANDIDATES, "average": spec}, {})


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"estimator": "forest"}, r"training\.candidates\.x\.estimator: 'forest' is unknown; choose one of mean"),
        ({}, r"training\.candidates\.x\.estimator: None is unknown"),
        ({"estimator": "kernel", "lenght": 1}, r"training\.candidates\.x\.lenght: kernel has no such"),
        ({"average_of": []}, r"training\.candidates\.x: give `average_of` a list"),
        ({"average_of": ["mean"], "weight": 1}, r"training\.candidates\.x: give `average_of` a list"),
        ({"average_of": ["forest"]}, r"training\.candidates\.forest is not a candidate; there are: mean"),
        ({"average_of": ["both"]}, r"training\.candidates\.x\.average_of: 'both' is an average itself"),
        ("kernel", r"training\.candidates\.x is not a candidate"),
    ],
)
def test_misconfigured_candidate_is_an_error_that_names_the_key(spec: Any, message: str) -> None:
    with pytest.raises(AbaloneError, match=message):
        build_estimator({**CANDIDATES, "x": spec}, "x", 0)
