"""What a job hands to SageMaker itself: the artifact for `model.tar.gz`, and the evaluation's verdict and reports."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog

from abalone.model.artifact import Artifact

GATE, STATISTICS, REPORT = "gate.json", "statistics.json", "report.html"
"""Files of the evaluation's output."""

EVALUATION_FOLDER = "processing/output/evaluation"
"""Folder of the evaluation's output, under /opt/ml."""

# FailStep's message, with what comes before it, holds 3072 characters.
SUMMARY_LENGTH = 2000


@dataclass(frozen=True)
class Exports:
    """The hook that writes them, once the nodes of a job have run.

    Attributes:
        ml: The folder that SageMaker knows as /opt/ml.
        artifact: Dataset of the artifact, if this job makes it.
        gate: Dataset of the gate, if this job decides it; then `model`, `metrics` and `report` name the others.
        model: Dataset of the artifact that it decides on.
        metrics: Dataset of the scores.
        report: Dataset of the report, HTML.
    """

    ml: Path
    artifact: str | None = None
    gate: str | None = None
    model: str | None = None
    metrics: str | None = None
    report: str | None = None

    @hook_impl
    def after_pipeline_run(self, catalog: DataCatalog) -> None:
        """Write what this job has to hand over."""
        if self.artifact:
            _write(self.ml / "model", catalog.load(self.artifact).files())
        if self.gate and self.model and self.metrics and self.report:
            files = {
                GATE: _json({**verdict(catalog.load(self.gate)), **origin(catalog.load(self.model))}),
                STATISTICS: _json(quality_statistics(catalog.load(self.metrics))),
                REPORT: catalog.load(self.report).encode(),
            }
            _write(self.ml / EVALUATION_FOLDER, files)


def verdict(gate: Mapping[str, Any]) -> dict[str, Any]:
    """Say what the gate decided, as the pipeline's condition and its failure read it.

    Args:
        gate: What `evaluation.gate.decide` returns.

    Returns:
        `passed`, and `summary`: the reasons in one line.
    """
    return {"passed": gate["passed"], "summary": "; ".join(gate["reasons"])[:SUMMARY_LENGTH]}


def origin(model: Artifact) -> dict[str, str]:
    """Say which model it is and what it was made of, as the registered model's metadata have it.

    Args:
        model: The artifact.

    Returns:
        `artifact_digest`; `git_commit`, or "unknown", with "-dirty" where the working tree differed from it; and
        `training_data`, the SHA-256 of the rows.
    """
    code = model.metadata["code"]
    dirty = "-dirty" if code["git_dirty"] else ""
    commit = f"{code['git_commit']}{dirty}" if code["git_commit"] else "unknown"
    training_data = model.metadata["training_data"]["sha256"]
    return {"artifact_digest": model.digest, "git_commit": commit, "training_data": training_data}


def quality_statistics(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Write the scores as the Model Registry shows them.

    The format is that of SageMaker's regression metrics:
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-model-quality-metrics.html.

    Args:
        metrics: Scores of the evaluation, in rings.

    Returns:
        MAE and RMSE in rings, MSE in rings squared, R²; those that could not be measured are left out.
    """
    overall = metrics["overall"]
    values = {name: score["value"] for name in ("mae", "rmse", "r2") if (score := overall[name]) is not None}
    if "rmse" in values:
        values["mse"] = values["rmse"] ** 2
    return {
        "version": 0.0,
        "dataset": {"item_count": overall["rows"]},
        "regression_metrics": {name: {"value": value} for name, value in values.items()},
    }


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, indent=2).encode()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
