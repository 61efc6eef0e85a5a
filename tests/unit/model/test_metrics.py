"""Metrics of intervals."""

import numpy as np
import pytest

from abalone.model.metrics import coverage, mean_width, winkler_score


def test_coverage_counts_the_bounds_as_inside() -> None:
    assert coverage([1, 2, 3, 4], [1, 1, 4, 5], [2, 2, 5, 6]) == 0.5


def test_mean_width_is_in_the_unit_of_the_bounds() -> None:
    assert mean_width([0, 1], [2, 5]) == 3.0


def test_winkler_score_adds_a_penalty_for_the_distance_missed() -> None:
    assert winkler_score([5.0], [4.0], [6.0], level=0.9) == pytest.approx(2.0)
    assert winkler_score([3.5], [4.0], [6.0], level=0.9) == pytest.approx(2.0 + 20 * 0.5)
    assert winkler_score([7.0], [4.0], [6.0], level=0.8) == pytest.approx(2.0 + 10 * 1.0)


def test_true_quantiles_have_the_lowest_winkler_score() -> None:
    values = np.random.default_rng(0).normal(size=20_000)
    scores = {width: winkler_score(values, -width, width, level=0.9) for width in (1.2, 1.645, 2.2)}

    assert min(scores, key=lambda width: scores[width]) == 1.645
