import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact
from abalone.pipelines.evaluation.nodes import compare, predict, predict_with_baselines, promote, record_verdict
from abalone.pipelines.evaluation.scores import score
from abalone.schema import NUMBER_NAMES

PASSED = {"passed": True, "checks": [], "reasons": []}
FAILED = {"passed": False, "checks": [], "reasons": []}


def test_predictions_are_what_the_artifact_serves(model, tables, test_predictions):
    test = tables[1]

    served = model.predict(test)

    assert list(test_predictions) == ["batch", "line", "sex", "rings", "predicted", "lower", "upper", "residual"]
    assert (test_predictions["predicted"] == served.rings).all()
    assert (test_predictions["lower"] == served.lower).all()
    assert (test_predictions["upper"] == served.upper).all()
    assert np.allclose(test_predictions["residual"], test["rings"] - served.rings)
    assert (test_predictions["line"] == test["line"]).all()


def test_empty_test_table_is_a_clear_error(model, tables):
    with pytest.raises(AbaloneError, match=r"test_table has no row.*put more measurements into the landing zone"):
        predict(model, tables[1].head(0))


def test_baselines_learn_from_the_train_table_only(tables):
    train, test = tables
    candidates = {"mean": {"estimator": "mean"}, "linear": {"estimator": "linear"}}

    predictions = predict_with_baselines(train, test, candidates, 0, ["mean", "linear"])

    def design(table):
        return np.column_stack([table["sex"] == "M", table["sex"] == "F", table[list(NUMBER_NAMES)]]).astype(float)

    linear = LinearRegression().fit(design(train), train["rings"]).predict(design(test))
    assert np.allclose(predictions["mean"]["predicted"], train["rings"].mean())
    assert np.allclose(predictions["linear"]["predicted"], linear, atol=1e-4)
    assert list(predictions["mean"]) == ["sex", "rings", "predicted"]


def test_unknown_baseline_is_a_clear_error(tables):
    with pytest.raises(AbaloneError, match="forest"):
        predict_with_baselines(*tables, {"mean": {"estimator": "mean"}}, 0, ["forest"])


def test_model_is_compared_with_baselines_and_without_champion(comparison):
    assert list(comparison["baselines"]) == ["mean", "linear"]
    assert comparison["champion"] is None
    model, linear = (
        side["overall"]["rmse"]["value"] for side in (comparison["model"], comparison["baselines"]["linear"])
    )
    assert comparison["against"]["linear"]["squared_error_reduction"] == pytest.approx(linear**2 - model**2, abs=1e-4)


def test_champion_is_scored_like_the_model(model, other_model, tables, test_predictions, parameters):
    metrics = score(test_predictions, parameters["age_bands"], parameters["bootstrap"])

    comparison = compare(
        model=model,
        metrics=metrics,
        test_predictions=test_predictions,
        baseline_predictions={},
        champion=other_model,
        test_table=tables[1],
        blocks=10,
        parameters=parameters,
    )

    assert comparison["champion"] == metrics
    rmse = pytest.approx(metrics["overall"]["rmse"]["value"], abs=1e-6)
    against = comparison["against"]["champion"]
    promises = against.pop("promises")
    assert promises["model"] == promises["champion"]
    assert promises["model"]["rmse"] == rmse
    assert against == {
        "rows": len(tables[1]),
        "model_rmse": rmse,
        "rival_rmse": rmse,
        "squared_error_reduction": 0.0,
        "lower_bound": 0.0,
        "identical": True,
        "new_site": {"blocks": 10, "lower_bound": 0.0, "rival_mse": pytest.approx(promises["model"]["rmse"] ** 2)},
    }


def test_verdict_keeps_what_the_gate_said_of_this_model(model, comparison):
    overall = comparison["model"]["overall"]

    verdict = record_verdict(model, comparison, {"passed": False, "checks": [], "reasons": ["no better"]})

    assert verdict == {
        "version": model.version,
        "digest": model.digest,
        "test_rows": overall["rows"],
        "test_rmse": overall["rmse"]["value"],
        "coverage": overall["coverage"]["value"],
        "passed": False,
        "reasons": ["no better"],
    }


def test_verdict_on_too_few_rows_has_no_figures(model):
    few = {"model": {"overall": {"rows": 3, "rmse": None, "coverage": None}}}

    verdict = record_verdict(model, few, FAILED)

    assert (verdict["test_rows"], verdict["test_rmse"], verdict["coverage"]) == (3, None, None)


def test_model_that_passed_is_the_champion(model, other_model):
    named = {"version": model.version, "digest": model.digest}

    assert promote(model, None, PASSED) == {**named, "previous": None}
    assert promote(model, other_model, PASSED) == {**named, "previous": other_model.version}


def test_champion_stays_when_the_model_fails(model, other_model):
    kept = {"version": model.version, "digest": model.digest, "previous": model.version}

    assert promote(other_model, model, FAILED) == kept


def test_champion_stays_when_the_model_is_the_same(model):
    again = Artifact(model.onnx, b"written again", model.metadata, version="later")

    assert promote(again, model, PASSED)["version"] == model.version


def test_there_is_no_champion_until_a_model_passes(model):
    assert promote(model, None, FAILED) == {"version": None, "digest": None, "previous": None}
