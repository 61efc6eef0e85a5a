import numpy as np
import pandas as pd
import pytest

from abalone.pipelines.evaluation.explanations import partial_dependence, permutation_importance
from abalone.schema import NUMBER_NAMES


@pytest.fixture(scope="module")
def measurements():
    rng = np.random.default_rng(0)
    numbers = {name: rng.uniform(0.1, 0.9, 600) for name in NUMBER_NAMES}
    return pd.DataFrame({"sex": rng.choice(["M", "F", "I"], 600), **numbers})


def rings_of(measurements):
    """A model that knows two measurements, and one of them three times as well."""
    return 6.0 * measurements["shell_weight"].to_numpy() + 2.0 * measurements["length"].to_numpy()


def test_importance_ranks_what_the_model_uses(measurements, parameters):
    importance = permutation_importance(
        rings_of, measurements, rings_of(measurements), parameters["explanations"]
    ).set_index("measurement")["rmse_increase"]

    assert list(importance.index[:2]) == ["shell_weight", "length"]
    assert importance["shell_weight"] == pytest.approx(3 * importance["length"], rel=0.1)
    # Shuffling a measurement of standard deviation s moves predictions by its weight times s times the root of 2.
    assert importance["length"] == pytest.approx(2.0 * measurements["length"].std() * np.sqrt(2), rel=0.1)
    assert (importance.drop(["shell_weight", "length"]) == 0).all()


def test_dependence_follows_the_model_within_the_range_of_the_data(measurements, parameters):
    dependence = partial_dependence(rings_of, measurements, parameters["explanations"])

    shell = dependence[dependence["measurement"] == "shell_weight"]
    slope = np.polyfit(shell["value"], shell["mean"], 1)[0]
    assert slope == pytest.approx(6.0)
    assert shell["value"].min() >= measurements["shell_weight"].quantile(0.02)
    assert shell["value"].max() <= measurements["shell_weight"].quantile(0.98)
    unused = dependence[dependence["measurement"] == "height"]
    assert np.ptp(unused["mean"]) == pytest.approx(0.0, abs=1e-9)
    assert (dependence["lower"] < dependence["mean"]).all()
    assert (dependence["mean"] < dependence["upper"]).all()


def test_few_rows_are_all_used(measurements, parameters):
    few = measurements.head(30)

    importance = permutation_importance(rings_of, few, rings_of(few), parameters["explanations"])

    assert len(importance) == 8
