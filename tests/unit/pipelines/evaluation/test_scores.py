import time

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from abalone.model.metrics import coverage, mean_width
from abalone.pipelines.evaluation.scores import resample_rows, score, squared_error_reduction

BANDS = [6, 9, 12, 16]
METRICS = ("rmse", "mae", "r2", "within_one_ring", "coverage", "mean_width")


@pytest.fixture(scope="module")
def predictions():
    rng = np.random.default_rng(0)
    rings = rng.poisson(10.0, 834)
    predicted = rings + rng.normal(0.0, 2.0, len(rings))
    return pd.DataFrame(
        {
            "sex": rng.choice(["M", "F", "I"], len(rings)),
            "rings": rings,
            "predicted": predicted,
            "lower": predicted - 3.0,
            "upper": predicted + 4.0,
        }
    )


@pytest.fixture
def bootstrap(parameters):
    return parameters["bootstrap"]


def values_of(stratum):
    return {name: stratum[name]["value"] for name in METRICS}


def expected_of(rows):
    return {
        "rmse": root_mean_squared_error(rows["rings"], rows["predicted"]),
        "mae": mean_absolute_error(rows["rings"], rows["predicted"]),
        "r2": r2_score(rows["rings"], rows["predicted"]),
        "within_one_ring": (np.abs(rows["rings"] - rows["predicted"]) <= 1).mean(),
        "coverage": coverage(rows["rings"], rows["lower"], rows["upper"]),
        "mean_width": mean_width(rows["lower"], rows["upper"]),
    }


def test_metrics_are_those_of_scikit_learn(predictions, bootstrap):
    scores = score(predictions, BANDS, bootstrap)

    assert values_of(scores["overall"]) == pytest.approx(expected_of(predictions), abs=1e-6)
    for sex, rows in predictions.groupby("sex"):
        assert values_of(scores["by_sex"][sex]) == pytest.approx(expected_of(rows), abs=1e-6)
    middle = predictions[predictions["rings"].between(9, 11)]
    assert values_of(scores["by_age_band"]["9 to 11"]) == pytest.approx(expected_of(middle), abs=1e-6)


def test_strata_share_out_all_rows(predictions, bootstrap):
    scores = score(predictions, BANDS, bootstrap)

    for strata in (scores["by_sex"], scores["by_age_band"]):
        assert sum(stratum["rows"] for stratum in strata.values()) == len(predictions)


@pytest.mark.parametrize(
    ("metric", "statistic"),
    [
        ("rmse", root_mean_squared_error),
        ("r2", r2_score),
        ("mae", mean_absolute_error),
    ],
)
def test_confidence_intervals_are_those_of_scipys_bootstrap(predictions, bootstrap, metric, statistic):
    reference = stats.bootstrap(
        (predictions["rings"].to_numpy(), predictions["predicted"].to_numpy()),
        statistic,
        paired=True,
        vectorized=False,
        n_resamples=1000,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval

    ours = score(predictions, BANDS, bootstrap)["overall"][metric]

    width = reference.high - reference.low
    assert (ours["lower"], ours["upper"]) == pytest.approx((reference.low, reference.high), abs=0.12 * width)


def test_confidence_interval_of_a_stratum_is_that_of_its_rows_alone(predictions, bootstrap):
    rows = predictions[predictions["sex"] == "I"].reset_index(drop=True)

    within = score(predictions, BANDS, bootstrap)["by_sex"]["I"]["rmse"]
    alone = score(rows, BANDS, bootstrap)["overall"]["rmse"]

    width = alone["upper"] - alone["lower"]
    assert (within["lower"], within["upper"]) == pytest.approx((alone["lower"], alone["upper"]), abs=0.12 * width)


def test_stratum_with_few_rows_has_no_figures(predictions, bootstrap):
    few = pd.concat([predictions[predictions["sex"] != "I"], predictions[predictions["sex"] == "I"].head(19)])

    stratum = score(few, BANDS, bootstrap)["by_sex"]["I"]

    assert stratum == {"rows": 19, **dict.fromkeys(METRICS)}


def test_stratum_without_rows_has_no_figures(predictions, bootstrap):
    stratum = score(predictions[predictions["sex"] != "I"], BANDS, bootstrap)["by_sex"]["I"]

    assert stratum == {"rows": 0, **dict.fromkeys(METRICS)}


def test_animals_of_one_age_have_no_r2(predictions, bootstrap):
    stratum = score(predictions, [10, 11], bootstrap)["by_age_band"]["10"]

    assert stratum["r2"] is None
    assert stratum["rmse"]["value"] == pytest.approx(2.0, rel=0.3)


def test_predictions_without_interval_have_no_coverage(predictions, bootstrap):
    overall = score(predictions.drop(columns=["lower", "upper"]), BANDS, bootstrap)["overall"]

    assert overall["coverage"] is None
    assert overall["mean_width"] is None
    assert overall["rmse"] is not None


def test_scoring_twice_gives_the_same_figures(predictions, bootstrap):
    assert score(predictions, BANDS, bootstrap) == score(predictions, BANDS, bootstrap)


def test_reduction_of_squared_error_is_paired(predictions, bootstrap):
    # Both share all of their error but a constant: the difference is far more certain than either error.
    rival = predictions.assign(predicted=predictions["predicted"] + 0.2)
    resampling = resample_rows(len(predictions), bootstrap)

    reduction = squared_error_reduction(resampling, predictions, rival)

    error = predictions["rings"] - predictions["predicted"]
    difference = (error - 0.2) ** 2 - error**2
    assert reduction[0] == pytest.approx(difference.mean())
    assert reduction[1:].std() == pytest.approx(difference.std() / np.sqrt(len(error)), rel=0.08)


def test_scoring_is_fast(predictions, bootstrap):
    score(predictions, BANDS, bootstrap)
    started = time.perf_counter()
    score(predictions, BANDS, bootstrap)

    assert time.perf_counter() - started < 1.0
