import json

import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.runner import SequentialRunner
from kedro_datasets.json import JSONDataset

from abalone.datasets.figure import FigureDataset
from abalone.pipelines.evaluation import create_pipeline
from abalone.pipelines.evaluation.pipeline import FIGURES

CANDIDATES = {"mean": {"estimator": "mean"}, "linear": {"estimator": "linear"}}


@pytest.fixture
def run(tmp_path, model, tables, cross_validated, parameters):
    """Runs the pipeline on a catalog of files, and returns the folder of what it wrote."""

    def run_pipeline(name, champion=None):
        folder = tmp_path / name
        files = {f"{figure}_figure": FigureDataset(filepath=str(folder / f"{figure}.png")) for figure in FIGURES}
        for report in ("metrics", "comparison", "gate", "champion_record", "verdict"):
            files[report] = JSONDataset(filepath=str(folder / f"{report}.json"))
        report = {"rows_in": 1, "accepted": 1, "quarantined": 0, "duplicates": 0, "batches": {"b": {}}}
        given = {
            "model": model,
            "champion": champion,
            "train_table": tables[0],
            "test_table": tables[1],
            "cross_validation": cross_validated[0],
            "ingestion_report": {**report, "reasons": {}, "flags": {}},
            "params:training.candidates": CANDIDATES,
            "params:training.random_state": 0,
            "params:training.cross_validation.blocks": 10,
            "params:evaluation": parameters,
            **{f"params:evaluation.{key}": value for key, value in parameters.items()},
        }
        inputs = {name: MemoryDataset(value, copy_mode="assign") for name, value in given.items()}
        cards = {name: MemoryDataset() for name in ("model_card", "model_card_html", "test_predictions")}
        catalog = DataCatalog({**inputs, **files, **cards})
        SequentialRunner().run(create_pipeline(), catalog)
        (folder / "model_card.html").write_text(catalog.load("model_card_html"))
        return folder

    return run_pipeline


def test_pipeline_writes_every_report(run):
    folder = run("first")

    assert {path.name for path in folder.iterdir()} == {
        *(f"{figure}.png" for figure in FIGURES),
        *("metrics.json", "comparison.json", "gate.json", "champion_record.json", "verdict.json"),
        "model_card.html",
    }
    assert (folder / "model_card.html").stat().st_size < 1_000_000
    assert json.loads((folder / "gate.json").read_text())["passed"] is True


def test_two_runs_write_identical_metrics_and_pictures(run):
    first, again = run("first"), run("again")

    for name in ("metrics.json", "comparison.json", "gate.json", *(f"{figure}.png" for figure in FIGURES)):
        assert (first / name).read_bytes() == (again / name).read_bytes(), name


def test_model_that_is_the_champion_leaves_it_in_service(run, model, other_model):
    folder = run("with_champion", champion=other_model)

    gate = json.loads((folder / "gate.json").read_text())
    record = json.loads((folder / "champion_record.json").read_text())
    assert gate["passed"] is False
    assert "identical predictions" in gate["reasons"][0]
    assert record == {
        "version": other_model.version,
        "digest": other_model.digest,
        "previous": other_model.version,
    }
    assert other_model.digest != model.digest
