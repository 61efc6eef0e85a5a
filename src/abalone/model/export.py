"""The writing side of the artifact: everything of a fitted model that has to be kept."""

import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from abalone.errors import AbaloneError
from abalone.model.artifact import FORMAT_VERSION, Artifact
from abalone.model.intervals import IntervalRegressor
from abalone.model.onnx_graph import to_onnx
from abalone.model.provenance import code_version, library_versions, table_digest
from abalone.model.split import HASH_VERSION
from abalone.schema import MEASUREMENTS, RINGS, YEARS_BEYOND_RINGS

SKOPS_TYPES = (
    "abalone.model.intervals.IntervalRegressor",
    "abalone.model.kernel.LandmarkKernelRegressor",
    "abalone.model.transformer.MeasurementFeatures",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.utils._bunch.Bunch",
)
"""All that a skops file of ours may hold beyond what skops itself trusts."""


def to_skops(model: IntervalRegressor) -> bytes:
    """Serialise a fitted model with skops.

    Raises:
        AbaloneError: If it holds a type that is not in SKOPS_TYPES.
    """
    import skops.io  # noqa: PLC0415 - it walks all of scikit-learn: a second at every start

    data: bytes = skops.io.dumps(model, compression=zipfile.ZIP_DEFLATED)
    if unknown := sorted(set(skops.io.get_untrusted_types(data=data)) - set(SKOPS_TYPES)):
        raise AbaloneError(f"the model holds {', '.join(unknown)}: review them, then add them to export.SKOPS_TYPES")
    return data


def from_skops(data: bytes) -> IntervalRegressor:
    """Restore the scikit-learn model of an artifact, for audit or retraining.

    Raises:
        AbaloneError: If the file holds a type that is not in SKOPS_TYPES.
    """
    import skops.io  # noqa: PLC0415 - as above
    from skops.io.exceptions import UntrustedTypesFoundException  # noqa: PLC0415

    try:
        model: IntervalRegressor = skops.io.loads(data, trusted=list(SKOPS_TYPES))
    except UntrustedTypesFoundException as error:
        raise AbaloneError(f"the skops file holds types that no model of ours has: {error}") from error
    return model


def input_schema() -> list[dict[str, Any]]:
    """Describe each input: name, unit, meaning and range, or the values that it can take."""
    return [asdict(column, dict_factory=_json_values) for column in MEASUREMENTS]


def _json_values(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in pairs}


def export_artifact(
    model: IntervalRegressor,
    table: pd.DataFrame,
    *,
    name: str,
    parameters: Mapping[str, Any],
    hyperparameters: Mapping[str, Any],
    cross_validation: Mapping[str, Any],
    reference: Mapping[str, Any],
    split: Mapping[str, Any],
) -> Artifact:
    """Make the artifact of a fitted model.

    Args:
        model: Point model and intervals, fitted on the table.
        table: The training table: measurements, rings and the batch of each row.
        name: Name of the candidate.
        parameters: Parameters of the training pipeline.
        hyperparameters: Of the candidate and, for an average, of its members.
        cross_validation: Metrics by protocol.
        reference: Distributions for monitoring.
        split: `test_fraction` and `random_state` of the split that the table is the train side of.

    Returns:
        The artifact, without a version until it is saved.
    """
    metadata = {
        "format_version": FORMAT_VERSION,
        "name": name,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "code": code_version(),
        "libraries": library_versions(),
        "inputs": input_schema(),
        "output": asdict(RINGS),
        "years_beyond_rings": YEARS_BEYOND_RINGS,
        "training_data": {
            "sha256": table_digest(table),
            "rows": len(table),
            "batches": {str(batch): int(rows) for batch, rows in table["batch"].value_counts().sort_index().items()},
        },
        "split": {"hash_version": HASH_VERSION, **split},
        "parameters": dict(parameters),
        "hyperparameters": dict(hyperparameters),
        "cross_validation": dict(cross_validation),
        "intervals": {
            "level": model.level,
            "lower_quantile": model.lower_quantile,
            "upper_quantile": model.upper_quantile,
        },
        "reference": dict(reference),
    }
    return Artifact(to_onnx(model), to_skops(model), metadata)
