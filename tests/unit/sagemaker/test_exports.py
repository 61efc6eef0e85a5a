import json

import pytest
from kedro.io import DataCatalog, MemoryDataset

from abalone.model.artifact import Artifact, load_artifact
from abalone.sagemaker.exports import EVALUATION_FOLDER, SUMMARY_LENGTH, Exports, origin, quality_statistics, verdict

METRICS = {"overall": {"rows": 100, "rmse": {"value": 2.0}, "mae": {"value": 1.5}, "r2": {"value": 0.5}}}


def test_artifact_is_handed_over_whole(tmp_path):
    artifact = Artifact(b"onnx", b"skops", {"name": "kernel"})
    catalog = DataCatalog({"model": MemoryDataset(artifact, copy_mode="assign")})

    Exports(tmp_path, artifact="model").after_pipeline_run(catalog)

    assert load_artifact(tmp_path / "model").digest == artifact.digest


def test_evaluation_hands_over_its_verdict_statistics_and_report(tmp_path):
    metadata = {"code": {"git_commit": "abc", "git_dirty": False}, "training_data": {"sha256": "def"}}
    model = Artifact(b"onnx", b"skops", metadata)
    given = {"gate": {"passed": True, "reasons": ["good"]}, "model": model, "metrics": METRICS, "card": "<html>"}
    catalog = DataCatalog({name: MemoryDataset(value, copy_mode="assign") for name, value in given.items()})

    Exports(tmp_path, gate="gate", model="model", metrics="metrics", report="card").after_pipeline_run(catalog)

    folder = tmp_path / EVALUATION_FOLDER
    assert {path.name for path in folder.iterdir()} == {"gate.json", "statistics.json", "report.html"}
    assert (folder / "report.html").read_text() == "<html>"
    assert json.loads((folder / "gate.json").read_text()) == {
        "passed": True,
        "summary": "good",
        "artifact_digest": model.digest,
        "git_commit": "abc",
        "training_data": "def",
    }


@pytest.mark.parametrize(
    ("commit", "dirty", "told"), [("abc", True, "abc-dirty"), ("abc", False, "abc"), (None, None, "unknown")]
)
def test_origin_of_a_model_is_never_empty(commit, dirty, told):
    code = {"git_commit": commit, "git_dirty": dirty}
    model = Artifact(b"onnx", b"skops", {"code": code, "training_data": {"sha256": "def"}})

    assert origin(model)["git_commit"] == told


def test_other_jobs_hand_nothing_over(tmp_path):
    Exports(tmp_path).after_pipeline_run(DataCatalog({}))

    assert list(tmp_path.iterdir()) == []


def test_verdict_says_every_reason_in_one_line_that_a_message_can_hold():
    assert verdict({"passed": False, "reasons": ["a", "b"]}) == {"passed": False, "summary": "a; b"}
    assert len(verdict({"passed": False, "reasons": ["x" * 9999]})["summary"]) == SUMMARY_LENGTH


def test_statistics_are_in_the_registry_s_format():
    assert quality_statistics(METRICS) == {
        "version": 0.0,
        "dataset": {"item_count": 100},
        "regression_metrics": {
            "mae": {"value": 1.5},
            "rmse": {"value": 2.0},
            "r2": {"value": 0.5},
            "mse": {"value": 4.0},
        },
    }


def test_scores_that_could_not_be_measured_are_left_out():
    metrics = {"overall": {"rows": 3, "rmse": None, "mae": None, "r2": None}}

    assert quality_statistics(metrics)["regression_metrics"] == {}
