"""Conformal intervals."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from abalone.errors import AbaloneError
from abalone.model.candidates import build_estimator
from abalone.model.cross_validation import RANDOM, fold_numbers, out_of_fold
from abalone.model.intervals import IntervalRegressor, conformal_quantiles, fit_intervals
from abalone.model.metrics import coverage


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


def test_intervals_cover_new_rows_at_the_level(table: pd.DataFrame, training_parameters: dict[str, Any]) -> None:
    test = np.random.default_rng(0).random(len(table)) < 0.4
    train, new = table[~test].reset_index(drop=True), table[test]
    candidates = training_parameters["candidates"]
    actual = train["rings"].to_numpy(dtype=float)
    numbers = fold_numbers(train, 5, 5, random_state=0)[RANDOM]
    residuals = actual - out_of_fold(build_estimator(candidates, "kernel", 0), train, numbers)
    point = build_estimator(candidates, "kernel", 0).fit(train, actual)

    model = fit_intervals(point, train, residuals, **training_parameters["intervals"], random_state=0)

    bounds = model.predict_interval(new)
    assert 0.87 <= coverage(new["rings"], bounds.lower, bounds.upper) <= 0.93
    width = bounds.upper - bounds.lower
    assert width[new["rings"] > 15].mean() > 1.5 * width[new["rings"] < 6].mean()
