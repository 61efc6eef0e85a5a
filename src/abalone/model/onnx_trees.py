"""A fitted HistGradientBoostingRegressor as one ONNX TreeEnsemble node."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper
from sklearn.ensemble import HistGradientBoostingRegressor

from abalone.model.onnx_builder import GraphBuilder

BRANCH_LEQ, SUM, NO_TRANSFORM = 0, 1, 0
"""Codes of the TreeEnsemble operator (ai.onnx.ml, version 5)."""


def rounded_down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """Round to the nearest float32 that is not greater.

    A float32 feature is at most the float64 threshold exactly when it is at most this.
    """
    nearest = thresholds.astype(np.float32)
    return np.where(nearest > thresholds, np.nextafter(nearest, np.float32(-np.inf)), nearest)


def add_boosting(graph: GraphBuilder, features: str, model: HistGradientBoostingRegressor) -> str:
    """Add the predictions of a model with a log link: float64, shape (rows,).

    Args:
        graph: Where to add them.
        features: Name of the float32 features, shape (rows, 19).
        model: Fitted on float32 features, without missing values or categories.
    """
    raw = graph.add("TreeEnsemble", features, domain="ai.onnx.ml", **_ensemble(model))
    column = graph.add("Cast", raw, to=TensorProto.DOUBLE)
    flat = graph.add("Squeeze", column, graph.constant([1], np.int64))
    baseline = float(np.ravel(model._baseline_prediction)[0])
    return graph.add("Exp", graph.add("Add", flat, graph.constant(baseline)))


def _ensemble(model: HistGradientBoostingRegressor) -> dict[str, Any]:
    """Attributes of the node: inner nodes and leaves of all trees, numbered one after the other."""
    trees = [_with_inner_root(stage[0].nodes) for stage in model._predictors]
    first_inner = np.cumsum([0, *(int((tree["is_leaf"] == 0).sum()) for tree in trees)])
    first_leaf = np.cumsum([0, *(int(tree["is_leaf"].sum()) for tree in trees)])
    columns: dict[str, list[NDArray[Any]]] = {}
    for tree, inner_offset, leaf_offset in zip(trees, first_inner, first_leaf, strict=False):
        leaf = tree["is_leaf"].astype(bool)
        number = np.where(leaf, np.cumsum(leaf) - 1 + leaf_offset, np.cumsum(~leaf) - 1 + inner_offset)
        inner = tree[~leaf]
        for name, values in {
            "nodes_featureids": inner["feature_idx"],
            "nodes_splits": rounded_down(inner["num_threshold"]),
            "nodes_truenodeids": number[inner["left"]],
            "nodes_trueleafs": leaf[inner["left"]],
            "nodes_falsenodeids": number[inner["right"]],
            "nodes_falseleafs": leaf[inner["right"]],
            "leaf_weights": tree["value"][leaf].astype(np.float32),
        }.items():
            columns.setdefault(name, []).append(values)
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    tensors = {
        "nodes_splits": joined.pop("nodes_splits"),
        "nodes_modes": np.full(first_inner[-1], BRANCH_LEQ, dtype=np.uint8),
        "leaf_weights": joined.pop("leaf_weights"),
    }
    return {
        **{name: values.astype(int).tolist() for name, values in joined.items()},
        **{name: numpy_helper.from_array(values, name) for name, values in tensors.items()},
        "tree_roots": first_inner[:-1].tolist(),
        "leaf_targetids": [0] * int(first_leaf[-1]),
        "n_targets": 1,
        "aggregate_function": SUM,
        "post_transform": NO_TRANSFORM,
    }


def _with_inner_root(tree: NDArray[Any]) -> NDArray[Any]:
    """Give a tree that is a single leaf a root above it, which the operator requires; both ways lead to the leaf."""
    if len(tree) > 1:
        return tree
    rooted = np.concatenate([tree, tree])
    rooted[0]["is_leaf"], rooted[0]["left"], rooted[0]["right"] = 0, 1, 1
    return rooted
