import numpy as np
import pytest
from scipy import stats

from abalone.pipelines.evaluation.bootstrap import lower_bound, percentile_interval, resample, resample_blocks


def resampled_means(values, **overrides):
    arguments = {"resamples": 4000, "maximum_units": 2000, "random_state": 1} | overrides
    resampling = resample(len(values), **arguments)
    return resampling.weights @ resampling.units(values[:, None])[:, 0] / len(values)


def test_interval_of_a_mean_is_that_of_scipys_bootstrap():
    values = np.random.default_rng(0).exponential(2.0, 400)
    reference = stats.bootstrap(
        (values,), np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval

    lower, upper = percentile_interval(resampled_means(values), 0.95)

    width = reference.high - reference.low
    assert (lower, upper) == pytest.approx((reference.low, reference.high), abs=0.04 * width)


def test_lower_bound_of_a_mean_is_one_sided():
    values = np.random.default_rng(0).normal(1.0, 1.0, 1000)
    standard_error = values.std() / np.sqrt(len(values))

    bound = lower_bound(resampled_means(values), 0.95)

    assert bound == pytest.approx(values.mean() - 1.645 * standard_error, abs=0.1 * standard_error)


def test_every_resample_draws_as_many_rows_as_there_are():
    resampling = resample(7, resamples=50, maximum_units=100, random_state=0)

    assert (resampling.weights.sum(axis=1) == 7).all()


def test_groups_of_rows_keep_the_spread_of_the_mean():
    values = np.random.default_rng(3).exponential(1.0, 20_000)

    means = resampled_means(values, maximum_units=1000)

    assert means.mean() == pytest.approx(values.mean(), abs=0.001)
    assert means.std() == pytest.approx(values.std() / np.sqrt(len(values)), rel=0.08)


def test_groups_are_not_neighbours():
    # A table sorted by site: groups of neighbours would scatter as much as the sites do.
    values = np.sort(np.random.default_rng(4).normal(size=20_000))

    means = resampled_means(values, maximum_units=500)

    assert means.std() == pytest.approx(values.std() / np.sqrt(len(values)), rel=0.15)


def test_same_seed_gives_the_same_resamples():
    first, again = (resample(50, resamples=20, maximum_units=100, random_state=5).weights for _ in range(2))
    other = resample(50, resamples=20, maximum_units=100, random_state=6).weights

    assert (first == again).all()
    assert (first != other).any()


def test_blocks_of_neighbours_scatter_as_sites_do():
    rng = np.random.default_rng(0)
    site_effects = np.repeat(rng.normal(0.0, 1.0, 40), 20)
    values = site_effects + rng.normal(0.0, 0.1, 800)
    shuffled = rng.permutation(800)
    order = np.argsort(shuffled)

    resampling = resample_blocks(order, 40, resamples=4000, random_state=1)
    means = resampling.weights @ resampling.units(values[shuffled][:, None])[:, 0] / 800

    assert means.std() == pytest.approx(values.reshape(40, 20).mean(axis=1).std() / np.sqrt(40), rel=0.05)
    assert means.std() > 3 * values.std() / np.sqrt(800)


def test_there_are_no_more_blocks_than_rows():
    resampling = resample_blocks(np.arange(3), 10, resamples=5, random_state=0)

    assert resampling.weights.shape == (5, 3)
