"""The landmark kernel regressor."""

import numpy as np
import pandas as pd
import pytest
from sklearn.gaussian_process.kernels import RationalQuadratic
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import Ridge

from abalone.model.kernel import LandmarkKernelRegressor
from abalone.model.transformer import MeasurementFeatures


@pytest.fixture(scope="module")
def features(table: pd.DataFrame) -> np.ndarray:
    return MeasurementFeatures().fit_transform(table)


def test_chunks_change_nothing(features: np.ndarray, rings: np.ndarray) -> None:
    whole = LandmarkKernelRegressor(chunk_rows=len(features)).fit(features, rings)
    chunked = LandmarkKernelRegressor(chunk_rows=97).fit(features, rings)

    np.testing.assert_allclose(chunked.predict(features), whole.predict(features), rtol=0, atol=1e-6)


def test_fit_is_ridge_on_nystroem_features_of_the_rational_quadratic_kernel(
    features: np.ndarray, rings: np.ndarray
) -> None:
    model = LandmarkKernelRegressor(landmarks=50).fit(features, rings)
    standardised = (features - features.mean(axis=0, dtype=float)) / features.std(axis=0, dtype=float)
    rows = np.random.default_rng(0).permutation(len(features))[:50]
    kernel = RationalQuadratic(length_scale=model.length_scale, alpha=0.25)
    factor = np.linalg.cholesky(kernel(standardised[rows]))
    mapped = np.linalg.solve(factor, kernel(standardised, standardised[rows]).T).T
    ridge = Ridge(alpha=model.ridge).fit(mapped, np.sqrt(rings))

    np.testing.assert_allclose(model.predict(features), ridge.predict(mapped) ** 2, rtol=0, atol=1e-5)


def test_with_every_row_a_landmark_it_is_kernel_ridge(features: np.ndarray, rings: np.ndarray) -> None:
    some, target = features[:150].astype(float), np.square(rings[:150] - rings[:150].mean())
    model = LandmarkKernelRegressor(landmarks=1000, ridge=0.5).fit(some, target)
    standardised = (some - some.mean(axis=0)) / np.where(some.std(axis=0) > 0, some.std(axis=0), 1.0)
    kernel = RationalQuadratic(length_scale=model.length_scale, alpha=0.25)(standardised)
    offset = model.intercept_
    exact = KernelRidge(alpha=0.5, kernel="precomputed").fit(kernel, np.sqrt(target) - offset).predict(kernel) + offset

    np.testing.assert_allclose(np.sqrt(model.predict(some)), np.maximum(exact, 0.0), rtol=0, atol=1e-3)


def test_constant_feature_and_equal_rows_do_no_harm() -> None:
    features = np.ones((40, 3), dtype=np.float32)
    features[:, 0] = np.repeat([1.0, 2.0], 20)

    model = LandmarkKernelRegressor(ridge=1e-6).fit(features, np.repeat([4.0, 9.0], 20))

    np.testing.assert_allclose(model.predict(features[[0, -1]]), [4.0, 9.0], atol=1e-3)


def test_same_seed_gives_the_same_model_and_another_seed_another(features: np.ndarray, rings: np.ndarray) -> None:
    first, again = (LandmarkKernelRegressor(random_state=1).fit(features, rings) for _ in range(2))
    other = LandmarkKernelRegressor(random_state=2).fit(features, rings)

    np.testing.assert_array_equal(first.predict(features), again.predict(features))
    assert np.abs(first.predict(features) - other.predict(features)).max() > 0.01


@pytest.mark.parametrize(
    ("name", "value"),
    [("landmarks", 0), ("length_scale", 0.0), ("length_scale", -1.0), ("ridge", -0.1), ("chunk_rows", 0)],
)
def test_hyperparameter_out_of_its_range_is_named(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=rf"{name} == {value}, must be"):
        LandmarkKernelRegressor(**{name: value}).fit(np.eye(3), np.ones(3))


@pytest.mark.parametrize("name", ["landmarks", "length_scale", "ridge", "chunk_rows"])
def test_hyperparameter_that_is_no_number_is_named(name: str) -> None:
    with pytest.raises(TypeError, match=name):
        LandmarkKernelRegressor(**{name: "many"}).fit(np.eye(3), np.ones(3))
