"""The artifact: what it refuses, what it predicts, and that it needs no training library."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from abalone.errors import AbaloneError
from abalone.model.artifact import (
    FORMAT_VERSION,
    MANIFEST,
    METADATA,
    ONNX,
    SKOPS,
    Artifact,
    ArtifactError,
    artifact_from_files,
    load_artifact,
)
from abalone.model.intervals import IntervalRegressor

Files = dict[str, bytes]


def written(artifact: Artifact, directory: Path) -> Path:
    for name, content in artifact.files().items():
        (directory / name).write_bytes(content)
    return directory


def test_artifact_that_was_written_is_the_one_that_is_loaded(artifact: Artifact, tmp_path: Path) -> None:
    loaded = load_artifact(written(artifact, tmp_path))

    assert loaded.files() == artifact.files()
    assert loaded.digest == artifact.digest
    assert loaded.metadata == artifact.metadata


def test_manifest_is_written_last_and_vouches_for_every_other_file(artifact: Artifact) -> None:
    files = artifact.files()

    assert list(files)[-1] == MANIFEST
    assert set(json.loads(files[MANIFEST])["sha256"]) == {ONNX, SKOPS, METADATA}


def test_digest_tells_artifacts_apart(artifact: Artifact) -> None:
    other = replace(artifact, metadata={**artifact.metadata, "name": "other"})

    assert other.digest != artifact.digest


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Files], Files]:
    return lambda files: {**files, name: change(files[name])}


def without(name: str) -> Callable[[Files], Files]:
    return lambda files: {key: content for key, content in files.items() if key != name}


def manifest_with(**entries: Any) -> Callable[[Files], Files]:
    return changed(MANIFEST, lambda content: json.dumps({**json.loads(content), **entries}).encode())


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (changed(ONNX, lambda content: content[:-1]), "model.onnx is not the file that manifest.json describes"),
        (changed(SKOPS, lambda content: content + b" "), "model.skops is not the file"),
        (changed(METADATA, lambda content: content.replace(b"average", b"perfect")), "metadata.json is not the file"),
        (without(ONNX), "incomplete, model.onnx is missing"),
        (without(SKOPS), "incomplete, model.skops is missing"),
        (without(METADATA), "incomplete, metadata.json is missing"),
        (without(MANIFEST), "incomplete, manifest.json is missing"),
        (lambda files: {**files, "run.py": b""}, "files that do not belong to it: run.py"),
        (changed(MANIFEST, lambda content: content[:40]), "manifest.json is not JSON"),
        (changed(MANIFEST, lambda _: b"\xff\xfe"), "manifest.json is not JSON"),
        (changed(MANIFEST, lambda _: b"[]"), "manifest.json has no format_version and sha256"),
        (manifest_with(format_version="one"), "manifest.json has no format_version and sha256"),
        (manifest_with(sha256={}), "model.onnx is not the file"),
        (manifest_with(format_version=FORMAT_VERSION + 1), "format 2, this code reads up to 1: update"),
    ],
)
def test_damaged_artifact_is_refused(
    artifact: Artifact, tmp_path: Path, damage: Callable[[Files], Files], message: str
) -> None:
    files = damage(artifact.files())
    with pytest.raises(ArtifactError, match=message):
        artifact_from_files(files)

    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ArtifactError, match=f"{tmp_path}: .*{message}"):
        load_artifact(tmp_path)


def test_directory_that_does_not_exist_is_an_artifact_error(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="nowhere is not a directory"):
        load_artifact(tmp_path / "nowhere")


def test_predictions_are_those_of_the_model(artifact: Artifact, model: IntervalRegressor, table: pd.DataFrame) -> None:
    predictions = artifact.predict(table)

    np.testing.assert_allclose(predictions.rings, model.predict(table), atol=1e-4)
    assert (predictions.lower <= predictions.rings).all()
    assert (predictions.rings <= predictions.upper).all()


def test_mapping_of_lists_and_single_values_predict_like_a_table(artifact: Artifact, table: pd.DataFrame) -> None:
    of_table = artifact.predict(table[:2])
    columns = table[:2].to_dict(orient="list")
    single = {name: values[0] for name, values in columns.items()}

    np.testing.assert_array_equal(artifact.predict(columns).rings, of_table.rings)
    np.testing.assert_allclose(artifact.predict(single).rings, of_table.rings[:1], rtol=1e-12)


def test_no_rows_give_no_predictions(artifact: Artifact, table: pd.DataFrame) -> None:
    assert [part.shape for part in artifact.predict(table[:0])] == [(0,)] * 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sex": ["M", "X"]}, "sex 'X' is unknown: give one of M, F, I"),
        ({"sex": ["M", None]}, "sex None is unknown"),
        ({"height": [0.1, float("nan")]}, "height in row 1 is nan: give a finite number"),
        ({"length": [float("inf"), 0.1]}, "length in row 0 is inf"),
        ({"shell_weight": [0.1]}, r"shell_weight has shape \(1,\), sex has \(2,\)"),
        ({"length": [[0.1, 0.2]]}, r"length has shape \(1, 2\)"),
        ({"whole_weight": ["heavy", "light"]}, "whole_weight is not numeric"),
    ],
)
def test_measurements_that_cannot_be_predicted_are_an_error(
    artifact: Artifact, table: pd.DataFrame, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(AbaloneError, match=message):
        artifact.predict({**table[:2].to_dict(orient="list"), **changes})


def test_missing_measurement_is_an_error(artifact: Artifact, table: pd.DataFrame) -> None:
    with pytest.raises(AbaloneError, match="measurements lack diameter, height"):
        artifact.predict(table.drop(columns=["diameter", "height"]))


def test_reading_side_imports_no_training_library() -> None:
    heavy = ["pandas", "sklearn", "kedro", "narwhals", "skops", "onnx", "scipy"]
    code = f"import sys, abalone.model.artifact; print([name for name in {heavy} if name in sys.modules])"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert found.strip() == "[]"
