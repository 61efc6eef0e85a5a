"""The artifact that training writes and the service loads: data, not code.

Needs numpy and onnxruntime alone, so that the service does without the libraries of training.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import ArrayLike, NDArray

from abalone.errors import AbaloneError
from abalone.schema import MEASUREMENT_NAMES, NUMBER_NAMES, SEX

FORMAT_VERSION = 1
"""Raised when older code could no longer read what is written."""

ONNX, SKOPS, METADATA, MANIFEST = "model.onnx", "model.skops", "metadata.json", "manifest.json"
CONTENT = (ONNX, SKOPS, METADATA)
"""The files that the manifest vouches for."""


class ArtifactError(AbaloneError):
    """An artifact that is incomplete, changed, or of a newer format."""


class Predictions(NamedTuple):
    """Predicted rings and the bounds of their interval, each of shape (rows,), in rings."""

    rings: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Artifact:
    """A trained model.

    Attributes:
        onnx: Graph from raw measurements to rings and bounds: what predicts.
        skops: The scikit-learn model, for audit and retraining; never read to predict.
        metadata: What the model is, what it was trained on and how good it was; JSON values.
        version: Version of the place it was loaded from, or "".
    """

    onnx: bytes
    skops: bytes
    metadata: dict[str, Any]
    version: str = ""

    def predict(self, measurements: Mapping[str, ArrayLike]) -> Predictions:
        """Predict rings and their interval from raw measurements.

        Args:
            measurements: For each of `schema.MEASUREMENT_NAMES` the values, shape (rows,), in the units of the
                schema: a mapping or a DataFrame. Other columns are ignored.

        Raises:
            AbaloneError: If a column is missing, lengths differ, a number is not finite, or a sex is unknown.
        """
        sex, numbers = _checked(measurements)
        if not len(sex):
            return Predictions(*(np.empty(0) for _ in Predictions._fields))
        return self.predict_arrays(sex, numbers)

    def predict_arrays(self, sex: NDArray[np.object_], numbers: NDArray[np.float64]) -> Predictions:
        """Predict from arrays that have been checked already.

        Args:
            sex: Values of `schema.SEX`, shape (rows,), at least one row.
            numbers: In the order and the units of `schema.NUMBERS`, shape (rows, 7).
        """
        return Predictions(*self._session.run(Predictions._fields, {"sex": sex, "measurements": numbers}))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the manifest: equal for equal artifacts."""
        return hashlib.sha256(self.files()[MANIFEST]).hexdigest()

    def files(self) -> dict[str, bytes]:
        """Return what is written to disk, by file name; the manifest comes last and makes the artifact whole."""
        files = {ONNX: self.onnx, SKOPS: self.skops, METADATA: _to_json(self.metadata)}
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        return {**files, MANIFEST: _to_json({"format_version": FORMAT_VERSION, "sha256": digests})}

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        # One thread a request: at most a few thousand rows each, and a server has as many requests as cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(self.onnx, options, providers=["CPUExecutionProvider"])


def load_artifact(directory: Path) -> Artifact:
    """Read an artifact from a directory and check it.

    Raises:
        ArtifactError: If the directory does not hold a whole and unchanged artifact of a known format.
    """
    if not directory.is_dir():
        raise ArtifactError(f"{directory} is not a directory: give the directory that holds {MANIFEST}")
    try:
        return artifact_from_files({path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()})
    except ArtifactError as error:
        raise ArtifactError(f"{directory}: {error}") from error


def artifact_from_files(files: Mapping[str, bytes], version: str = "") -> Artifact:
    """Check the files of an artifact against its manifest and make the artifact of them.

    Args:
        files: Content by file name.
        version: Version of the place that the files come from.

    Raises:
        ArtifactError: If a file is missing, too many, or changed, or the format is newer than this code.
    """
    digests = _manifest_digests(files)
    for name in CONTENT:
        if name not in files:
            raise ArtifactError(f"the artifact is incomplete, {name} is missing: copy it again, or train again")
        if hashlib.sha256(files[name]).hexdigest() != digests.get(name):
            raise ArtifactError(f"{name} is not the file that {MANIFEST} describes: copy it again, or train again")
    if unexpected := sorted((set(files) | set(digests)) - {*CONTENT, MANIFEST}):
        raise ArtifactError(f"the artifact has files that do not belong to it: {', '.join(unexpected)}; remove them")
    return Artifact(files[ONNX], files[SKOPS], json.loads(files[METADATA]), version)


def _manifest_digests(files: Mapping[str, bytes]) -> Mapping[str, str]:
    if MANIFEST not in files:
        raise ArtifactError(f"the artifact is incomplete, {MANIFEST} is missing: copy it again, or train again")
    try:
        manifest = json.loads(files[MANIFEST])
    except ValueError as error:
        raise ArtifactError(f"{MANIFEST} is not JSON ({error}): copy the artifact again, or train again") from error
    known = isinstance(manifest, dict) and isinstance(manifest.get("sha256"), dict)
    if not known or not isinstance(manifest.get("format_version"), int):
        raise ArtifactError(f"{MANIFEST} has no format_version and sha256: copy the artifact again, or train again")
    if manifest["format_version"] > FORMAT_VERSION:
        raise ArtifactError(
            f"the artifact has format {manifest['format_version']}, this code reads up to {FORMAT_VERSION}: "
            "update the abalone package, or train again with this one"
        )
    digests: dict[str, str] = manifest["sha256"]
    return digests


def _to_json(value: object) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def _checked(measurements: Mapping[str, ArrayLike]) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Return the sexes, shape (rows,), and the numbers, shape (rows, 7)."""
    if missing := [name for name in MEASUREMENT_NAMES if name not in measurements]:
        raise AbaloneError(f"measurements lack {', '.join(missing)}: give all of {', '.join(MEASUREMENT_NAMES)}")
    sex = np.atleast_1d(np.asarray(measurements[SEX.name], dtype=object))
    if unknown := sorted(map(repr, set(sex.tolist()) - set(SEX.values))):
        raise AbaloneError(f"sex {', '.join(unknown)} is unknown: give one of {', '.join(SEX.values)}")
    numbers = np.empty((len(sex), len(NUMBER_NAMES)))
    for column, name in enumerate(NUMBER_NAMES):
        values = np.atleast_1d(_as_numbers(name, measurements[name]))
        if values.shape != sex.shape:
            raise AbaloneError(f"{name} has shape {values.shape}, sex has {sex.shape}: give one value a row in each")
        numbers[:, column] = values
    if not np.isfinite(numbers).all():
        row, column = np.argwhere(~np.isfinite(numbers))[0]
        raise AbaloneError(f"{NUMBER_NAMES[column]} in row {row} is {numbers[row, column]}: give a finite number")
    return sex, numbers


def _as_numbers(name: str, values: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise AbaloneError(f"{name} is not numeric ({error}): give numbers in the unit of the schema") from error
