"""The ONNX graph predicts what scikit-learn predicts."""

from collections.abc import Callable

import numpy as np
import onnxruntime
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor

from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact
from abalone.model.estimators import pipeline
from abalone.model.intervals import IntervalRegressor
from abalone.model.onnx_graph import to_onnx
from abalone.model.onnx_trees import rounded_down
from abalone.schema import MEASUREMENT_NAMES


def disagreement(model: IntervalRegressor, rows: pd.DataFrame) -> float:
    """Largest difference between ONNX and scikit-learn of rings and bounds, in rings."""
    bounds = model.predict_interval(rows)
    answers = Artifact(to_onnx(model), b"", {}).predict(rows)
    expected = (model.predict(rows), bounds.lower, bounds.upper)
    return max(float(np.abs(ours - theirs).max()) for ours, theirs in zip(answers, expected, strict=True))


@pytest.mark.parametrize("name", ["mean", "linear", "poisson_boosting", "kernel", "average"])
def test_every_candidate_agrees_with_scikit_learn_on_all_rows(
    name: str, table: pd.DataFrame, fit_candidate: Callable[[str], IntervalRegressor]
) -> None:
    assert disagreement(fit_candidate(name), table) <= 1e-5


def test_one_row_at_a_time_agrees_with_all_at_once(model: IntervalRegressor, table: pd.DataFrame) -> None:
    artifact = Artifact(to_onnx(model), b"", {})
    together = artifact.predict(table[:200])

    for row in range(200):
        alone = artifact.predict(table[row : row + 1])
        np.testing.assert_allclose([part[0] for part in alone], [part[row] for part in together], atol=1e-9)


def test_impossible_rows_give_the_same_finite_numbers(model: IntervalRegressor, table: pd.DataFrame) -> None:
    impossible = pd.concat([table[:8]] * 4, ignore_index=True)
    numbers = list(MEASUREMENT_NAMES[1:])
    impossible.loc[0:7, numbers] = np.diag([0.0] * 7 + [1.0])[:, :7] * -1.0
    impossible.loc[8:15, numbers] = 0.0
    impossible.loc[16:23, numbers] *= 50.0
    impossible.loc[24:31, "height"] = [-1.0, 0.0, 0.4, 0.41, 1e-9, 1.13, 0.05, 0.2]

    answers = Artifact(to_onnx(model), b"", {}).predict(impossible)

    assert all(np.isfinite(part).all() for part in answers)
    assert disagreement(model, impossible) <= 1e-5


def test_jittered_rows_off_the_grid_of_the_data_agree_too(model: IntervalRegressor, table: pd.DataFrame) -> None:
    jittered = pd.concat([table] * 3, ignore_index=True)
    numbers = list(MEASUREMENT_NAMES[1:])
    jittered[numbers] *= np.random.default_rng(0).lognormal(0.0, 0.05, (len(jittered), len(numbers)))

    assert disagreement(model, jittered) <= 1e-4


def test_two_fits_give_the_same_bytes(fit_candidate: Callable[[str], IntervalRegressor]) -> None:
    first, again = (to_onnx(fit_candidate("average")) for _ in range(2))

    assert first == again


def test_graph_takes_raw_measurements_and_gives_rings_and_bounds(model: IntervalRegressor) -> None:
    session = onnxruntime.InferenceSession(to_onnx(model))

    assert [(put.name, put.type, put.shape) for put in session.get_inputs()] == [
        ("sex", "tensor(string)", ["rows"]),
        ("measurements", "tensor(double)", ["rows", 7]),
    ]
    assert [(put.name, put.type, put.shape) for put in session.get_outputs()] == [
        (name, "tensor(double)", ["rows"]) for name in ("rings", "lower", "upper")
    ]


def test_tree_that_is_a_single_leaf_can_be_exported(table: pd.DataFrame, rings: np.ndarray) -> None:
    stump = HistGradientBoostingRegressor(loss="poisson", max_iter=2, min_samples_leaf=len(table))
    scale = pipeline(stump).fit(table, rings)

    assert disagreement(IntervalRegressor(scale, scale, -1.0, 1.0, 0.9, errors={}), table) <= 1e-5


def test_estimator_without_an_export_is_an_error(table: pd.DataFrame, rings: np.ndarray) -> None:
    forest = pipeline(RandomForestRegressor(n_estimators=1)).fit(table, rings)

    with pytest.raises(AbaloneError, match=r"RandomForestRegressor.* cannot be exported to ONNX"):
        to_onnx(IntervalRegressor(forest, forest, -1.0, 1.0, 0.9, errors={}))


def test_thresholds_rounded_down_split_float32_values_alike() -> None:
    random = np.random.default_rng(0)
    values = random.normal(size=5000).astype(np.float32)
    thresholds = np.concatenate([random.normal(size=2500), values[2500:].astype(np.float64)])

    np.testing.assert_array_equal(values <= rounded_down(thresholds), values.astype(np.float64) <= thresholds)
