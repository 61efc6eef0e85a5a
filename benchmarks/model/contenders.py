"""The models that are compared: each a function from a train and a test table to predictions."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import xgboost
from numpy.typing import NDArray

from abalone.model.candidates import build_estimator
from abalone.model.transformer import MeasurementFeatures
from benchmarks.model.network import DenseNetwork
from benchmarks.model.setting import CANDIDATES, SEED, rings_of

Floats = NDArray[np.float64]
Contender = Callable[[pd.DataFrame, pd.DataFrame], Floats]

XGBOOST, NETWORK = "XGBoost, AWS's example", "predecessor's network"
XGBOOST_PARAMETERS = {
    "n_estimators": 50,
    "max_depth": 5,
    "learning_rate": 0.2,
    "gamma": 4,
    "min_child_weight": 6,
    "subsample": 0.7,
    "objective": "reg:squarederror",
}
"""Of the abalone example in Amazon SageMaker's examples, on the raw measurements."""


def candidate(name: str) -> Contender:
    """Return a candidate of the parameters."""

    def fit_and_predict(train: pd.DataFrame, test: pd.DataFrame) -> Floats:
        return build_estimator(CANDIDATES, name, SEED).fit(train, rings_of(train)).predict(test)

    return fit_and_predict


def _raw(table: pd.DataFrame) -> Floats:
    return MeasurementFeatures(raw=True).fit_transform(table)


def fit_xgboost(train: pd.DataFrame, test: pd.DataFrame) -> Floats:
    """Fit XGBoost as AWS's example does and predict the test table."""
    model = xgboost.XGBRegressor(**XGBOOST_PARAMETERS, random_state=SEED, n_jobs=1)
    return model.fit(_raw(train), rings_of(train)).predict(_raw(test)).astype(np.float64)


def fit_network(train: pd.DataFrame, test: pd.DataFrame) -> Floats:
    """Fit the predecessor's network and predict the test table."""
    return DenseNetwork(random_state=SEED).fit(_raw(train), rings_of(train)).predict(_raw(test))


CONTENDERS: dict[str, Contender] = {
    "mean": candidate("mean"),
    "linear, raw": candidate("linear"),
    XGBOOST: fit_xgboost,
    NETWORK: fit_network,
    "poisson boosting": candidate("poisson_boosting"),
    "kernel": candidate("kernel"),
    "average (chosen)": candidate("average"),
}
CHOSEN_CONTENDER = "average (chosen)"
