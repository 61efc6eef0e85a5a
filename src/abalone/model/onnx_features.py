"""The features as ONNX nodes: the same arithmetic, in the same order, as features.py does on a table."""

from typing import Any

import numpy as np
from onnx import TensorProto

from abalone.model.features import (
    HEIGHT_TO_DIAMETER,
    LOG_RATIOS,
    LOST_WEIGHT_SCALE,
    PART_WEIGHTS,
    SMALLEST,
)
from abalone.model.onnx_builder import GraphBuilder
from abalone.schema import NUMBER_NAMES, PLAUSIBLE_HEIGHT_MAXIMUM, SEX

SEX_INPUT, NUMBERS_INPUT = SEX.name, "measurements"
"""Inputs of the graph: strings of shape (rows,), and float64 of shape (rows, 7) in the order of NUMBER_NAMES."""

INPUTS: dict[str, tuple[int, list[Any]]] = {
    SEX_INPUT: (TensorProto.STRING, ["rows"]),
    NUMBERS_INPUT: (TensorProto.DOUBLE, ["rows", len(NUMBER_NAMES)]),
}


def add_one_hot_sex(graph: GraphBuilder) -> str:
    """Add the one-hot encoding of the sex: float64, shape (rows, 3)."""
    encoded = graph.add("OneHotEncoder", SEX_INPUT, domain="ai.onnx.ml", cats_strings=list(SEX.values), zeros=1)
    return graph.add("Cast", encoded, to=TensorProto.DOUBLE)


def add_raw_numbers(graph: GraphBuilder) -> str:
    """Add the measurements as they are, as `raw_numbers` gives them: float64, shape (rows, 10)."""
    return graph.add("Concat", add_one_hot_sex(graph), NUMBERS_INPUT, axis=1)


def add_features(graph: GraphBuilder) -> str:
    """Add the 19 features, as `measurement_features` gives them, rounded to float32: shape (rows, 19)."""
    floored = graph.add("Max", _add_repaired(graph), graph.constant(SMALLEST))
    logs_and_ratios = graph.add("MatMul", graph.add("Log", floored), graph.constant(_log_combinations()))
    features = graph.add("Concat", add_one_hot_sex(graph), logs_and_ratios, _add_lost_weight(graph), axis=1)
    return graph.add("Cast", features, to=TensorProto.FLOAT)


def _add_repaired(graph: GraphBuilder) -> str:
    """Replace impossible heights; the columns are length, diameter, height and the four weights."""
    length, diameter, height, weights = graph.split(NUMBERS_INPUT, (1, 1, 1, 4))
    possible = graph.add("Min", diameter, graph.constant(PLAUSIBLE_HEIGHT_MAXIMUM))
    impossible = graph.add(
        "Or",
        graph.add("LessOrEqual", height, graph.constant(0.0)),
        graph.add("Greater", height, possible),
    )
    typical = graph.add("Mul", diameter, graph.constant(HEIGHT_TO_DIAMETER))
    repaired = graph.add("Where", impossible, typical, height)
    return graph.add("Concat", length, diameter, repaired, weights, axis=1)


def _log_combinations() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Matrix that takes the 7 logarithms to themselves and to the ratios, shape (7, 15)."""
    matrix = np.zeros((len(NUMBER_NAMES), len(NUMBER_NAMES) + len(LOG_RATIOS)))
    matrix[:, : len(NUMBER_NAMES)] = np.eye(len(NUMBER_NAMES))
    for column, (over, under) in enumerate(LOG_RATIOS.values(), start=len(NUMBER_NAMES)):
        matrix[NUMBER_NAMES.index(over), column] = 1.0
        matrix[[NUMBER_NAMES.index(name) for name in under], column] = -1.0
    return matrix


def _add_lost_weight(graph: GraphBuilder) -> str:
    whole_less_parts = np.zeros((len(NUMBER_NAMES), 1))
    whole_less_parts[NUMBER_NAMES.index("whole_weight")] = 1.0
    whole_less_parts[[NUMBER_NAMES.index(name) for name in PART_WEIGHTS]] = -1.0
    lost = graph.add("MatMul", NUMBERS_INPUT, graph.constant(whole_less_parts))
    scaled = graph.add("Mul", graph.add("Abs", lost), graph.constant(LOST_WEIGHT_SCALE))
    magnitude = graph.add("Log", graph.add("Add", scaled, graph.constant(1.0)))
    return graph.add("Mul", magnitude, graph.add("Sign", lost))
