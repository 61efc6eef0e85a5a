"""Artifacts that are made at once: of a graph that predicts the sum of the measurements, or of no graph at all."""

import functools
import io
import json
import tarfile
from pathlib import Path

import onnx
from onnx import TensorProto, helper

from abalone.model.artifact import Artifact
from abalone.schema import NUMBER_NAMES

ROW = {"sex": ["M"], **{name: [1.0] for name in NUMBER_NAMES}}


@functools.cache
def summing_artifact(factor: float) -> Artifact:
    """Predicts `factor` times the sum of the numbers: for `ROW`, 7 times the factor."""
    nodes = [
        helper.make_node("Constant", [], ["axes"], value=helper.make_tensor("axes", TensorProto.INT64, [1], [1])),
        helper.make_node("Constant", [], ["factor"], value=helper.make_tensor("f", TensorProto.DOUBLE, [], [factor])),
        helper.make_node("ReduceSum", ["measurements", "axes"], ["sum"], keepdims=0),
        *(helper.make_node("Mul", ["sum", "factor"], [output]) for output in ("rings", "lower", "upper")),
    ]
    graph = helper.make_graph(
        nodes,
        "sum",
        [
            helper.make_tensor_value_info("sex", TensorProto.STRING, ["rows"]),
            helper.make_tensor_value_info("measurements", TensorProto.DOUBLE, ["rows", len(NUMBER_NAMES)]),
        ],
        [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["rows"]) for name in ("rings", "lower", "upper")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return Artifact(model.SerializeToString(), b"skops", {"name": f"sum times {factor}"})


def write_artifact(artifact: Artifact, directory: Path) -> Path:
    """Write the files of an artifact, the manifest last."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in artifact.files().items():
        (directory / name).write_bytes(content)
    return directory


def packed(files: dict[str, bytes], prefix: str = "") -> bytes:
    """Return a `model.tar.gz` of files by name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(prefix + name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def promote(artifact: Artifact, version: str, models: Path) -> Path:
    """Write an artifact as a version of the model, and the record that makes it the champion."""
    write_artifact(artifact, models / "model" / version / "model")
    record = models / "champion.json"
    record.write_text(json.dumps({"version": version, "digest": artifact.digest}))
    return record
