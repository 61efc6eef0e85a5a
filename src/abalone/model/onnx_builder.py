"""A thin layer over onnx.helper: names are made up, constants are shared, and bytes are the same every time."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSETS = {"": 21, "ai.onnx.ml": 5}
IR_VERSION = 10


class GraphBuilder:
    """Collects the nodes and constants of one graph.

    Attributes:
        nodes: The nodes so far, in order of evaluation.
    """

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._initializers: list[onnx.TensorProto] = []

    def constant(self, value: Any, dtype: type = np.float64) -> str:
        """Add a constant (or find the equal one) and return its name."""
        array: NDArray[Any] = np.ascontiguousarray(value, dtype=dtype).reshape(np.shape(value))
        key = (str(array.dtype), array.shape, array.tobytes())
        if key not in self._constants:
            self._constants[key] = f"constant_{len(self._constants)}"
            self._initializers.append(numpy_helper.from_array(array, self._constants[key]))
        return self._constants[key]

    def add(self, operator: str, *inputs: str, output: str = "", domain: str = "", **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        name = output or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], domain=domain, **attributes))
        return name

    def split(self, value: str, sizes: tuple[int, ...]) -> list[str]:
        """Split a matrix by columns into parts of the given numbers of columns."""
        names = [f"split_{len(self.nodes)}_{part}" for part in range(len(sizes))]
        self.nodes.append(helper.make_node("Split", [value, self.constant(sizes, np.int64)], names, axis=1))
        return names

    def model(self, inputs: dict[str, tuple[int, list[Any]]], outputs: tuple[str, ...]) -> bytes:
        """Check the whole and serialise it.

        Args:
            inputs: For each input its element type (of TensorProto) and shape.
            outputs: Names of the results: float64 vectors, one value a row.
        """
        graph = helper.make_graph(
            self.nodes,
            "abalone",
            [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["rows"]) for name in outputs],
            self._initializers,
        )
        opsets = [helper.make_opsetid(domain, version) for domain, version in OPSETS.items()]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="abalone")
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))
