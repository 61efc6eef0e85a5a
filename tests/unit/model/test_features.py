"""Features: their formulae, and what can never become one."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from abalone.model.features import FEATURE_NAMES, RAW_NAMES, measurement_features
from abalone.model.transformer import MeasurementFeatures
from abalone.schema import MEASUREMENT_NAMES


@pytest.fixture
def animal() -> pd.DataFrame:
    values = ["F", 0.5, 0.4, 0.1, 0.8, 0.3, 0.2, 0.25]
    return pd.DataFrame([values], columns=list(MEASUREMENT_NAMES))


def test_features_are_the_nineteen_of_their_formulae(animal: pd.DataFrame) -> None:
    features = measurement_features(animal).iloc[0]

    log = np.log
    expected = [0.0, 1.0, 0.0, log(0.5), log(0.4), log(0.1), log(0.8), log(0.3), log(0.2), log(0.25)]
    expected += [log(0.25 / 0.3), log(0.25 / 0.8), log(0.3 / 0.8), log(0.2 / 0.8)]
    expected += [log(0.8 / (0.5 * 0.4 * 0.1)), log(0.25 / (0.5 * 0.4)), log(0.4 / 0.5), log(0.1 / 0.5)]
    expected += [np.log1p(20 * 0.05)]
    assert list(features.index) == list(FEATURE_NAMES)
    np.testing.assert_allclose(features.to_numpy(), expected, rtol=1e-12)


def test_parts_that_weigh_more_than_the_whole_give_a_negative_lost_weight(animal: pd.DataFrame) -> None:
    heavier = animal.assign(shell_weight=0.4)

    assert measurement_features(heavier)["signed_log_lost_weight"].iloc[0] == pytest.approx(-np.log1p(20 * 0.1))


@pytest.mark.parametrize("height", [0.0, -0.1, 0.401, 0.45])
def test_impossible_height_is_replaced_by_a_share_of_the_diameter(animal: pd.DataFrame, height: float) -> None:
    features = measurement_features(animal.assign(height=height))

    assert features["log_height"].iloc[0] == pytest.approx(np.log(0.3425 * 0.4))


def test_nothing_but_the_measurements_reaches_a_feature(table: pd.DataFrame) -> None:
    transformer = MeasurementFeatures()
    features = transformer.fit_transform(table)
    random = np.random.default_rng(0)
    changed = table.assign(
        batch=random.permutation(len(table)).astype(str),
        line=random.permutation(table["line"]),
        flags="anything",
        rings=random.permutation(table["rings"]),
        site=range(len(table)),
    ).rename(columns={"line": "row_id"})
    changed.index = random.permutation(len(table))
    changed = changed[list(reversed(changed.columns))]

    np.testing.assert_array_equal(transformer.transform(changed), features)


def test_features_of_a_row_do_not_depend_on_the_order_of_the_rows(table: pd.DataFrame) -> None:
    order = np.random.default_rng(0).permutation(len(table))
    transformer = MeasurementFeatures()

    np.testing.assert_array_equal(transformer.transform(table.iloc[order]), transformer.transform(table)[order])


def test_features_are_the_same_for_pandas_and_arrow_tables(table: pd.DataFrame) -> None:
    of_arrow = measurement_features(pa.Table.from_pandas(table))

    assert isinstance(of_arrow, pa.Table)
    np.testing.assert_allclose(of_arrow.to_pandas(), measurement_features(table), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("lazy", [False, True], ids=["eager", "lazy"])
def test_features_are_the_same_for_pandas_and_polars(table: pd.DataFrame, lazy: bool) -> None:
    frame = pl.from_pandas(table)

    features = measurement_features(frame.lazy() if lazy else frame)

    assert isinstance(features, pl.LazyFrame if lazy else pl.DataFrame)
    collected = features.lazy().collect()
    assert tuple(collected.columns) == FEATURE_NAMES
    np.testing.assert_allclose(collected.to_numpy(), measurement_features(table), rtol=1e-12, atol=1e-12)


def test_features_are_computed_in_float64_and_emitted_as_float32(table: pd.DataFrame) -> None:
    in_float64 = measurement_features(table).to_numpy()

    emitted = MeasurementFeatures().fit_transform(table)

    assert in_float64.dtype == np.float64
    assert emitted.dtype == np.float32
    np.testing.assert_array_equal(emitted, in_float64.astype(np.float32))


@pytest.mark.parametrize("value", [0.0, -1.0, 1e300])
def test_impossible_measurements_give_finite_features_without_warnings(animal: pd.DataFrame, value: float) -> None:
    impossible = animal.assign(**dict.fromkeys(MEASUREMENT_NAMES[1:], value))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        features = measurement_features(impossible)

    assert np.isfinite(features.to_numpy()).all()


def test_raw_numbers_are_the_measurements_themselves(table: pd.DataFrame) -> None:
    transformer = MeasurementFeatures(raw=True)
    numbers = pd.DataFrame(transformer.fit_transform(table), columns=transformer.get_feature_names_out())

    assert list(numbers) == list(RAW_NAMES)
    np.testing.assert_array_equal(numbers["height"], table["height"])
    np.testing.assert_array_equal(numbers["sex_i"], table["sex"] == "I")


def test_feature_names_are_those_of_the_columns(table: pd.DataFrame) -> None:
    transformer = MeasurementFeatures().fit(table)

    assert tuple(transformer.get_feature_names_out()) == FEATURE_NAMES
    assert transformer.transform(table).shape == (len(table), len(FEATURE_NAMES))
