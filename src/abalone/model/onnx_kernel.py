"""A fitted LandmarkKernelRegressor as ONNX nodes, in float64."""

import numpy as np
from onnx import TensorProto

from abalone.model.kernel import LandmarkKernelRegressor
from abalone.model.onnx_builder import GraphBuilder


def add_kernel(graph: GraphBuilder, features: str, model: LandmarkKernelRegressor) -> str:
    """Add the predictions of the model: float64, shape (rows,).

    Args:
        graph: Where to add them.
        features: Name of the float32 features, shape (rows, 19).
        model: Fitted on those features.
    """
    shifted = graph.add("Sub", graph.add("Cast", features, to=TensorProto.DOUBLE), graph.constant(model.mean_))
    scaled = graph.add("Div", shifted, graph.constant(model.divisor_))
    # |a - b|^2 + 1 = -2 a.b + (|b|^2 + 1) + |a|^2: one product with the landmarks, whatever their number. Rows are
    # columns here, shape (landmarks, rows), because the sum over landmarks is a slow product the other way round.
    products = graph.add(
        "Gemm",
        graph.constant(-2.0 * model.landmarks_),
        scaled,
        graph.constant(np.square(model.landmarks_).sum(axis=1, keepdims=True) + 1.0),
        transB=1,
    )
    squares = graph.add("ReduceSumSquare", scaled, graph.constant([1], np.int64), keepdims=0)
    distances = graph.add("Max", graph.add("Add", products, squares), graph.constant(1.0))
    kernel = graph.add("Reciprocal", graph.add("Sqrt", graph.add("Sqrt", distances)))  # to the power of -ALPHA
    sums = graph.add("MatMul", graph.constant(model.weights_), kernel)
    root = graph.add("Max", graph.add("Add", sums, graph.constant(model.intercept_)), graph.constant(0.0))
    return graph.add("Mul", root, root)
