"""A fitted model as one ONNX graph, from raw measurements to rings and the bounds of the interval."""

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor, VotingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline

from abalone.errors import AbaloneError
from abalone.model.intervals import IntervalRegressor
from abalone.model.kernel import LandmarkKernelRegressor
from abalone.model.onnx_builder import GraphBuilder
from abalone.model.onnx_features import INPUTS, add_features, add_raw_numbers
from abalone.model.onnx_kernel import add_kernel
from abalone.model.onnx_trees import add_boosting

OUTPUTS = ("rings", "lower", "upper")


def to_onnx(model: IntervalRegressor) -> bytes:
    """Serialise a fitted model; equal models give equal bytes.

    Returns:
        A graph with the inputs `sex` (strings, shape (rows,)) and `measurements` (float64, shape (rows, 7), in the
        order of `schema.NUMBER_NAMES`), and the outputs `rings`, `lower` and `upper` (float64, shape (rows,)).

    Raises:
        AbaloneError: If the model has a part that cannot be exported.
    """
    graph = GraphBuilder()
    numbers: dict[bool, str] = {}
    rings = graph.add("Identity", _add_predictions(graph, model.point, numbers), output="rings")
    scale = _add_predictions(graph, model.scale, numbers)
    for name, quantile in (("lower", model.lower_quantile), ("upper", model.upper_quantile)):
        graph.add("Add", rings, graph.add("Mul", scale, graph.constant(quantile)), output=name)
    return graph.model(INPUTS, OUTPUTS)


def _add_predictions(graph: GraphBuilder, estimator: Any, numbers: dict[bool, str]) -> str:
    """Add the predictions of an estimator; `numbers` remembers the features, which are added once."""
    if isinstance(estimator, VotingRegressor):
        parts = [_add_predictions(graph, member, numbers) for member in estimator.estimators_]
        return graph.add("Div", graph.add("Sum", *parts), graph.constant(float(len(parts))))
    if not isinstance(estimator, Pipeline) or type(estimator.named_steps["model"]) not in EXPORTERS:
        raise AbaloneError(f"{estimator} cannot be exported to ONNX; write its nodes in model/onnx_graph.py")
    raw = estimator.named_steps["features"].raw
    if raw not in numbers:
        numbers[raw] = add_raw_numbers(graph) if raw else add_features(graph)
    step = estimator.named_steps["model"]
    return EXPORTERS[type(step)](graph, numbers[raw], step)


def _add_linear(graph: GraphBuilder, numbers: str, model: LinearRegression) -> str:
    products = graph.add("MatMul", numbers, graph.constant(model.coef_))
    return graph.add("Add", products, graph.constant(float(model.intercept_)))


def _add_mean(graph: GraphBuilder, numbers: str, model: DummyRegressor) -> str:
    zeros = graph.add("MatMul", numbers, graph.constant(np.zeros(model.n_features_in_)))
    return graph.add("Add", zeros, graph.constant(float(np.ravel(model.constant_)[0])))


EXPORTERS: dict[type, Callable[[GraphBuilder, str, Any], str]] = {
    DummyRegressor: _add_mean,
    LinearRegression: _add_linear,
    HistGradientBoostingRegressor: add_boosting,
    LandmarkKernelRegressor: add_kernel,
}
