"""Out-of-fold predictions and their scores."""

import numpy as np
import pandas as pd
import pytest

from abalone.errors import AbaloneError
from abalone.model.candidates import build_estimator
from abalone.model.cross_validation import (
    FOLD,
    NEW_SITE,
    RANDOM,
    best_candidate,
    cross_validate,
    fold_numbers,
    out_of_fold,
    score_candidates,
)

CANDIDATES = {
    "mean": {"estimator": "mean"},
    "linear": {"estimator": "linear"},
    "both": {"average_of": ["mean", "linear"]},
}


@pytest.fixture(scope="module")
def some(table: pd.DataFrame) -> pd.DataFrame:
    return table.iloc[::8].reset_index(drop=True)


def test_random_folds_are_of_even_size_and_repeatable(some: pd.DataFrame) -> None:
    first, again = (fold_numbers(some, 5, 4, random_state=1)[RANDOM] for _ in range(2))

    np.testing.assert_array_equal(first, again)
    assert np.ptp(np.bincount(first)) <= 1
    assert not np.array_equal(first, fold_numbers(some, 5, 4, random_state=2)[RANDOM])


def test_blocks_are_contiguous_in_batch_and_line_whatever_the_order_of_the_rows(some: pd.DataFrame) -> None:
    two_batches = some.assign(batch=np.where(some["line"] > 2000, "a", "b"))
    shuffled = two_batches.sample(frac=1.0, random_state=0)

    blocks = pd.Series(fold_numbers(shuffled, 5, 4, random_state=0)[NEW_SITE], index=shuffled.index)

    in_order = blocks.loc[two_batches.sort_values(["batch", "line"]).index]
    assert in_order.is_monotonic_increasing
    assert np.ptp(np.bincount(in_order)) <= 1


def test_no_row_is_predicted_by_a_model_that_knew_it(some: pd.DataFrame) -> None:
    numbers = fold_numbers(some, 5, 4, random_state=0)[RANDOM]

    predicted = out_of_fold(build_estimator(CANDIDATES, "mean", 0), some, numbers)

    for fold in range(5):
        assert predicted[numbers == fold] == pytest.approx(some["rings"][numbers != fold].mean())


def test_features_computed_once_predict_the_same_as_whole_pipelines(some: pd.DataFrame) -> None:
    candidates = {"kernel": {"estimator": "kernel", "landmarks": 30}}
    numbers = fold_numbers(some, 3, 2, random_state=0)[RANDOM]
    predicted = out_of_fold(build_estimator(candidates, "kernel", 0), some, numbers)

    known = some[numbers != 1]
    whole = build_estimator(candidates, "kernel", 0).fit(known, known["rings"].to_numpy(dtype=float))

    np.testing.assert_allclose(predicted[numbers == 1], whole.predict(some[numbers == 1]), rtol=1e-9)


def test_average_is_predicted_by_the_mean_of_its_members(some: pd.DataFrame) -> None:
    folds = fold_numbers(some, 5, 4, random_state=0)

    results = cross_validate(some, CANDIDATES, folds, random_state=0)

    for protocol, predicted in results.items():
        np.testing.assert_array_equal(predicted[FOLD], folds[protocol])
        np.testing.assert_allclose(predicted["both"], (predicted["mean"] + predicted["linear"]) / 2)


def test_scores_are_pooled_and_their_error_comes_from_the_folds() -> None:
    actual = pd.DataFrame({"rings": [1.0, 2.0, 3.0, 4.0]})
    predicted = {RANDOM: pd.DataFrame({FOLD: [0, 0, 1, 1], "model": [1.0, 4.0, 3.0, 4.0]})}

    scores = score_candidates(actual, predicted).iloc[0]

    assert (scores["candidate"], scores["protocol"], scores["rows"], scores["folds"]) == ("model", RANDOM, 4, 2)
    assert scores["rmse"] == pytest.approx(1.0)
    assert scores["mae"] == pytest.approx(0.5)
    assert scores["r2"] == pytest.approx(1.0 - 4.0 / 5.0)
    assert scores["rmse_standard_error"] == pytest.approx(1.0 / 2.0)


@pytest.fixture
def scores() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "candidate": ["a", "b", "c", "a", "b", "c"],
            "protocol": [RANDOM] * 3 + [NEW_SITE] * 3,
            "rmse": [2.00, 2.01, 2.10, 2.30, 2.20, 2.10],
            "rmse_standard_error": [0.001] * 3 + [0.01] * 3,
        }
    )


def test_best_candidate_has_the_lowest_rmse_of_the_protocol(scores: pd.DataFrame) -> None:
    assert best_candidate(scores, RANDOM) == "a"
    assert best_candidate(scores, NEW_SITE) == "c"


def test_candidates_within_a_standard_error_are_told_apart_by_the_other_protocol(scores: pd.DataFrame) -> None:
    assert best_candidate(scores.assign(rmse_standard_error=0.03), RANDOM) == "b"


def test_unknown_protocol_is_an_error_that_names_the_known(scores: pd.DataFrame) -> None:
    with pytest.raises(AbaloneError, match=r"training\.select_by: 'newsite' is no protocol; choose one of random, new"):
        best_candidate(scores, "newsite")


def test_too_few_rows_are_an_error(some: pd.DataFrame) -> None:
    with pytest.raises(AbaloneError, match="has 3 rows, too few for 5 folds and 4 blocks"):
        fold_numbers(some[:3], 5, 4, random_state=0)


def test_hyperparameter_that_the_estimator_refuses_is_an_error_that_names_the_candidate(some: pd.DataFrame) -> None:
    candidates = {"trees": {"estimator": "poisson_boosting", "learning_rate": -1.0}}

    with pytest.raises(AbaloneError, match=r"training\.candidates\.trees cannot be fitted: .*learning_rate"):
        cross_validate(some, candidates, fold_numbers(some, 5, 4, random_state=0), random_state=0)
