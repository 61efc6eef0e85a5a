"""Whether a model keeps its promise, on labelled rows."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from abalone.errors import AbaloneError
from abalone.pipelines.monitoring.performance import measure_performance
from support.project import REPOSITORY

PROMISE = {"cross_validation": {"random": {"rmse": 2.0}}, "intervals": {"level": 0.9}}
MEAN = 2.0 * np.sqrt(2.0 / np.pi) / 3.3
REFERENCE = {
    **dict.fromkeys(("rows", "sex", "sample", "blocks")),
    "errors": {"rows": 3_000, "mean": MEAN, "standard_deviation": MEAN * np.sqrt(np.pi / 2.0 - 1.0)},
}
"""Of normal errors with a standard deviation of 2 rings in intervals of 3.3 rings on either side, 90 % of them."""


@pytest.fixture(scope="module")
def parameters() -> dict[str, Any]:
    text = (REPOSITORY / "conf/base/parameters_monitoring.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)["monitoring"]["performance"]
    return loaded


def labelled(errors: Any, side: float = 3.3) -> pd.DataFrame:
    predicted = np.full(len(errors), 10.0)
    return pd.DataFrame(
        {
            "rings": predicted + errors,
            "predicted_rings": predicted,
            "lower": predicted - side,
            "upper": predicted + side,
        }
    )


def normal_errors(rows: int, deviation: float) -> Any:
    """As many errors as rows, at the quantiles of a normal distribution."""
    from scipy import stats  # noqa: PLC0415 - of this helper alone

    return stats.norm.ppf((np.arange(rows) + 0.5) / rows) * deviation


def measured(rows: pd.DataFrame, parameters: dict[str, Any]) -> dict[str, Any]:
    found = measure_performance(rows, REFERENCE, PROMISE, parameters)
    assert found is not None
    return found


def test_errors_as_promised_are_not_worse(parameters: dict[str, Any]) -> None:
    found = measured(labelled(normal_errors(300, 2.0)), parameters)

    assert found["rmse"]["value"] == pytest.approx(2.0, abs=0.02)
    assert found["rmse"]["lower"] < 2.0 < found["rmse"]["upper"]
    assert found["bias"]["lower"] < 0.0 < found["bias"]["upper"]
    assert found["error_ratio"]["value"] == pytest.approx(1.0, abs=0.01)
    assert found["coverage"]["value"] == pytest.approx(0.9, abs=0.01)
    assert (found["promised_rmse"], found["promised_coverage"], found["rows"]) == (2.0, 0.9, 300)
    assert not found["worse"]
    assert not found["coverage_low"]


def test_errors_that_have_grown_by_fifteen_percent_are_worse(parameters: dict[str, Any]) -> None:
    found = measured(labelled(normal_errors(300, 2.3)), parameters)

    assert found["error_ratio"]["value"] == pytest.approx(1.15, abs=0.01)
    assert found["worse"]


def test_a_few_labels_are_no_proof(parameters: dict[str, Any]) -> None:
    found = measured(labelled(normal_errors(20, 2.3)), parameters)

    assert not found["worse"]


@pytest.mark.parametrize(("growth", "worse"), [(1.03, False), (1.07, True)])
def test_error_has_to_grow_by_what_matters_however_many_labels_there_are(
    parameters: dict[str, Any], growth: float, worse: bool
) -> None:
    found = measured(labelled(normal_errors(20_000, 2.0 * growth)), parameters)

    assert found["error_ratio"]["lower"] > 1.0
    assert found["worse"] is worse


@pytest.mark.parametrize(("bias", "worse"), [(0.6, False), (0.7, True)])
def test_bias_has_to_cost_what_matters_however_many_labels_there_are(
    parameters: dict[str, Any], bias: float, worse: bool
) -> None:
    # A bias of 0.6 rings makes an RMSE of 2 rings larger by 4.4 %, one of 0.7 rings by 5.9 %.
    found = measured(labelled(normal_errors(20_000, 2.0) + bias, side=4.0), parameters)

    assert found["error_ratio"]["lower"] < 1.0
    assert found["worse"] is worse


@pytest.mark.parametrize(("covered", "low"), [(0.885, False), (0.875, True)])
def test_coverage_has_to_be_lost_by_what_matters_however_many_labels_there_are(
    parameters: dict[str, Any], covered: float, low: bool
) -> None:
    errors = np.where(np.arange(20_000) < 20_000 * covered, 0.0, 1.01)

    found = measured(labelled(errors, side=1.0), parameters)

    assert found["coverage"]["p_value"] < parameters["coverage_alpha"]
    assert found["coverage_low"] is low


def test_intervals_that_are_too_narrow_are_found_by_the_binomial_test(parameters: dict[str, Any]) -> None:
    errors = np.concatenate([np.zeros(80), np.full(20, 1.01)])

    found = measured(labelled(errors, side=1.0), parameters)

    assert found["coverage"]["value"] == 0.8
    assert found["coverage"]["p_value"] == pytest.approx(0.00198, abs=1e-5)  # of 80 or fewer out of 100 at 90 %
    assert found["coverage_low"]


def test_bias_is_actual_minus_predicted(parameters: dict[str, Any]) -> None:
    found = measured(labelled(normal_errors(100, 1.0) + 0.5), parameters)

    assert found["bias"]["value"] == pytest.approx(0.5)
    assert found["bias"]["lower"] > 0.0
    assert not found["worse"]  # it would make the RMSE that was promised larger by 3 %


@pytest.mark.parametrize("deviation", [1.95, 1.2])
def test_large_bias_is_worse_whatever_the_other_errors(parameters: dict[str, Any], deviation: float) -> None:
    found = measured(labelled(normal_errors(200, deviation) + 0.8, side=4.5), parameters)

    assert found["error_ratio"]["lower"] < 1.0
    assert found["worse"]


def test_large_bias_of_a_few_labels_is_no_proof(parameters: dict[str, Any]) -> None:
    found = measured(labelled(normal_errors(20, 2.0) + 0.8, side=4.5), parameters)

    assert not found["worse"]


def test_perfect_predictions_are_measured(parameters: dict[str, Any]) -> None:
    found = measured(labelled(np.zeros(50)), parameters)

    assert found["rmse"]["value"] == 0.0
    assert found["error_ratio"]["upper"] < 1.0
    assert not found["worse"]


def test_one_label_has_no_performance(parameters: dict[str, Any]) -> None:
    assert measure_performance(labelled([1.0]), REFERENCE, PROMISE, parameters) is None


def test_performance_of_a_model_older_than_monitoring_is_refused(parameters: dict[str, Any]) -> None:
    with pytest.raises(AbaloneError, match="train it again"):
        measure_performance(labelled([1.0, 2.0]), {"numbers": {}, "sex": {}}, PROMISE, parameters)
