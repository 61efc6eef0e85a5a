"""Conformal intervals."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from abalone.errors import AbaloneError
from abalone.model.cross_validation import RANDOM, cross_validate, fold_numbers
from abalone.model.intervals import IntervalRegressor, conformal_quantiles, fit_intervals
from abalone.model.metrics import coverage, mean_width, winkler_score
from abalone.model.relative_error import relative_errors
from abalone.model.threads import threads_for


def test_quantiles_are_order_statistics_of_the_finite_sample() -> None:
    scores = np.random.default_rng(0).permutation(np.arange(-9.0, 10.0))

    assert conformal_quantiles(scores, level=0.8) == (-8.0, 8.0)
    assert conformal_quantiles(scores, level=0.9) == (-9.0, 9.0)


def test_quantiles_never_exclude_the_point() -> None:
    assert conformal_quantiles(np.full(99, 3.0), level=0.9) == (0.0, 3.0)
    assert conformal_quantiles(np.full(99, -3.0), level=0.9) == (-3.0, 0.0)


def test_quantiles_cover_new_scores_at_the_level_that_the_ranks_give() -> None:
    random = np.random.default_rng(0)
    covered = []
    for _ in range(400):
        low, high = conformal_quantiles(random.standard_t(3, 60), level=0.9)
        new = random.standard_t(3, 200)
        covered.append(np.mean((low <= new) & (new <= high)))

    assert np.mean(covered) == pytest.approx(1.0 - 2 * 3 / 61, abs=0.006)


def test_too_few_rows_for_the_level_are_an_error() -> None:
    with pytest.raises(AbaloneError, match=r"18 rows are too few for intervals of level 0\.9"):
        conformal_quantiles(np.zeros(18), level=0.9)


def test_interval_always_contains_the_point(model: IntervalRegressor, table: pd.DataFrame) -> None:
    rings, bounds = model.predict(table), model.predict_interval(table)

    assert (bounds.lower <= rings).all()
    assert (rings <= bounds.upper).all()


@pytest.mark.parametrize(
    "hyperparameters", [{"foo": 1}, {"max_iter": -3}, {"max_iter": "many"}, {"loss": "squared_error"}]
)
def test_wrong_hyperparameters_are_an_error_that_says_where_they_stand(
    table: pd.DataFrame, hyperparameters: dict[str, Any]
) -> None:
    (name,) = hyperparameters

    with pytest.raises(AbaloneError, match=rf"training\.intervals\.hyperparameters cannot be fitted: .*{name}"):
        fit_intervals(
            None, table, np.ones(len(table)), level=0.9, folds=2, hyperparameters=hyperparameters, random_state=0
        )


def test_fewer_rows_than_folds_are_an_error(table: pd.DataFrame) -> None:
    with pytest.raises(AbaloneError, match=r"4 rows are too few for 5 folds: lower training\.intervals\.folds"):
        fit_intervals(None, table[:4], np.ones(4), level=0.5, folds=5, hyperparameters={}, random_state=0)


def test_errors_of_new_rows_are_as_large_as_the_model_says_even_where_its_scale_has_learnt_by_heart(
    table: pd.DataFrame,
) -> None:
    residuals = np.random.default_rng(0).normal(0.0, table["length"].to_numpy())
    known = np.arange(len(table)) % 2 == 0
    by_heart = {"max_iter": 100, "learning_rate": 0.1, "min_samples_leaf": 2}

    with threads_for(len(table)):
        model = fit_intervals(
            None, table[known], residuals[known], level=0.9, folds=5, hyperparameters=by_heart, random_state=0
        )
        known_scale, new_scale = model.scale.predict(table[known]), model.scale.predict(table[~known])

    def mean_error(errors: np.ndarray, scale: np.ndarray) -> float:
        return float(relative_errors(errors, 0.0, model.lower_quantile * scale, model.upper_quantile * scale).mean())

    assert mean_error(residuals[~known], new_scale) == pytest.approx(model.errors["mean"], rel=0.05)
    assert mean_error(residuals[known], known_scale) < 0.8 * model.errors["mean"]
    assert model.errors["rows"] == known.sum()


def test_intervals_of_the_committed_parameters_meet_the_bars(
    table: pd.DataFrame, training_parameters: dict[str, Any]
) -> None:
    candidates = {name: training_parameters["candidates"][name] for name in ("poisson_boosting", "kernel", "average")}
    intervals = training_parameters["intervals"]
    numbers = fold_numbers(table, 10, 10, random_state=0)[RANDOM]
    predicted = cross_validate(table, candidates, {RANDOM: numbers}, 0)[RANDOM]["average"].to_numpy()
    residuals = table["rings"].to_numpy(dtype=float) - predicted
    scale, lower, upper = np.empty(len(table)), np.empty(len(table)), np.empty(len(table))
    with threads_for(len(table)):
        for fold in range(10):
            new = numbers == fold
            model = fit_intervals(None, table[~new], residuals[~new], **intervals, random_state=0)
            scale[new] = model.scale.predict(table[new])
            lower[new], upper[new] = model.lower_quantile, model.upper_quantile
    found = table.assign(predicted=predicted, lower=predicted + lower * scale, upper=predicted + upper * scale)

    def covered(rows: pd.DataFrame) -> float:
        return coverage(rows["rings"], rows["lower"], rows["upper"])

    by_age = [covered(rows) for _, rows in found.groupby(pd.qcut(found["predicted"], 7, labels=False))]
    assert 0.89 <= covered(found) <= 0.915
    assert len(by_age) == 7
    assert min(by_age) >= 0.86
    assert mean_width(found["lower"], found["upper"]) <= 6.2
    assert winkler_score(found["rings"], found["lower"], found["upper"], intervals["level"]) <= 8.2
    width = found["upper"] - found["lower"]
    assert width[found["rings"] > 15].mean() > 1.5 * width[found["rings"] < 6].mean()
