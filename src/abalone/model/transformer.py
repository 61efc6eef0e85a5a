"""The features as the first step of a scikit-learn pipeline."""

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from abalone.model.features import FEATURE_NAMES, RAW_NAMES, measurement_features, raw_numbers
from abalone.schema import MEASUREMENT_NAMES


class MeasurementFeatures(TransformerMixin, BaseEstimator):
    """The first step of an estimator: raw measurements in, numbers out.

    The numbers are computed in float64 and rounded to float32 before anything is trained on them, because the
    ONNX runtime compares in float32: a tree that had learnt a float64 threshold would send some rows the other
    way (by up to 0.7 rings). The raw measurements, which no tree is trained on, stay in float64.

    Args:
        raw: Give the measurements as they are (RAW_NAMES) instead of the features (FEATURE_NAMES).
    """

    def __init__(self, raw: bool = False) -> None:
        self.raw = raw

    def fit(self, X: pd.DataFrame, y: object = None) -> "MeasurementFeatures":  # noqa: ARG002
        """Learn nothing: the features of a row depend on that row alone."""
        self.n_features_in_ = len(MEASUREMENT_NAMES)
        return self

    def transform(self, X: pd.DataFrame) -> NDArray[np.floating]:
        """Return the features, shape (rows, 19), or the raw numbers, shape (rows, 10)."""
        table = nw.from_native(raw_numbers(X) if self.raw else measurement_features(X), eager_only=True)
        columns = np.empty((len(table.columns), len(table)), dtype=np.float64 if self.raw else np.float32)
        for row, name in zip(columns, table.columns, strict=True):
            row[:] = table[name].to_numpy()
        return columns.T

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return the names of the columns of `transform`."""
        return np.array(RAW_NAMES if self.raw else FEATURE_NAMES, dtype=object)
