"""`kedro run`, as a user runs it."""

import contextlib
import json
import os
import sqlite3
import subprocess
from html.parser import HTMLParser

import pytest

from abalone.model.artifact import Artifact, load_artifact
from support.project import Project

Finished = tuple[Project, subprocess.CompletedProcess[str]]


def load_champion(project: Project) -> Artifact:
    models = project.data / "06_models"
    version = json.loads((models / "champion.json").read_text(encoding="utf-8"))["version"]
    return load_artifact(models / "model" / version / "model")


def test_run_ends_with_a_summary_on_standard_output(finished_run: Finished) -> None:
    _, completed = finished_run

    assert completed.returncode == 0, completed.stderr
    for part in ("4,169", "quarantined", "RMSE", "linear", "interval", "Gate", "model_card.html"):
        assert part in completed.stdout


def test_log_is_one_json_line_an_event_without_a_warning(finished_run: Finished) -> None:
    _, completed = finished_run

    events = [json.loads(line) for line in completed.stderr.splitlines()]

    assert {event["level"] for event in events} == {"INFO"}
    nodes = [event for event in events if "_node" in event["message"]]
    assert len(nodes) >= 10


def test_every_output_of_the_catalog_is_written(finished_run: Finished) -> None:
    project, _ = finished_run

    written = {path.name for path in project.data.rglob("*") if path.is_file()}

    assert {
        "quarantine.parquet", "quarantine.csv", "measurements.parquet", "train_table.parquet", "test_table.parquet",
        "held_out.csv", "model.onnx", "model.skops", "metadata.json", "manifest.json", "champion.json",
        "test_predictions.parquet", "cross_validation.csv", "ingestion_report.json", "split_report.json",
        "metrics.json", "comparison.json", "gate.json", "model_card.md", "model_card.html", "predicted_vs_actual.png",
    } <= written  # fmt: skip
    assert not [name for name in written if name.endswith(".partial")]


def test_first_model_that_beats_the_baselines_becomes_the_champion(finished_run: Finished) -> None:
    project, _ = finished_run

    gate = json.loads((project.data / "08_reporting" / "gate.json").read_text(encoding="utf-8"))

    assert gate["passed"] is True
    assert load_champion(project).predict(
        {
            "sex": ["M"], "length": [0.455], "diameter": [0.365], "height": [0.095], "whole_weight": [0.514],
            "shucked_weight": [0.2245], "viscera_weight": [0.101], "shell_weight": [0.15],
        }
    ).rings == pytest.approx([9.0], abs=2.5)  # fmt: skip


def test_two_runs_on_the_same_data_give_the_same_bytes(finished_run: Finished, project: Project) -> None:
    first, _ = finished_run

    assert project.run().returncode == 0

    for output in ("08_reporting/metrics.json", "08_reporting/comparison.json", "08_reporting/cross_validation.csv",
                   "07_model_output/test_predictions.parquet", "08_reporting/gate.json"):  # fmt: skip
        assert (project.data / output).read_bytes() == (first.data / output).read_bytes(), output
    assert load_champion(project).onnx == load_champion(first).onnx


def test_same_model_again_does_not_replace_the_champion(finished_project: Project) -> None:
    champion = load_champion(finished_project)

    completed = finished_project.run()

    assert completed.returncode == 0, completed.stderr
    assert load_champion(finished_project).version == champion.version
    assert "champion" in completed.stdout


def test_too_many_bad_rows_stop_the_run_before_anything_is_overwritten(finished_project: Project) -> None:
    kept = [
        path
        for folder in ("03_primary", "05_model_input", "06_models", "07_model_output")
        for path in (finished_project.data / folder).rglob("*")
        if path.is_file()
    ]
    kept.append(finished_project.data / "08_reporting" / "ingestion_report.json")
    before = {path: path.read_bytes() for path in kept}
    header = "sex,length,diameter,height,whole_weight,shucked_weight,viscera_weight,shell_weight,rings"
    bad = finished_project.data / "01_raw" / "landing" / "typed_in.csv"
    bad.write_text("\n".join([header, *["M,91,73,19,102.8,44.9,20.2,30,15"] * 2000]), encoding="utf-8")

    completed = finished_project.run()

    assert completed.returncode == 1
    last = completed.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    assert "max_quarantined_fraction" in last
    assert "Traceback" not in completed.stderr
    assert {path: path.read_bytes() for path in kept} == before
    assert "typed_in" in (finished_project.data / "08_reporting" / "quarantine.csv").read_text(encoding="utf-8")


def test_files_of_the_landing_zone_are_read_or_named_in_the_log_whatever_they_are_called(project: Project) -> None:
    landing = project.data / "01_raw" / "landing"
    header, row = (landing / "uci_abalone.csv").read_text(encoding="utf-8").splitlines()[:2]
    for name, length in ((b"north.CSV", "0.456"), (b"\xff\xfe.csv", "0.457"), (b"south.txt", "0.458")):
        content = f"{header}\n{row.replace('0.455', length)}\n"
        (landing / os.fsdecode(name)).write_text(content, encoding="utf-8")
    (landing / ".gitkeep").touch()

    completed = project.run("--pipelines", "ingestion")

    assert completed.returncode == 0, completed.stderr
    report = json.loads((project.data / "08_reporting" / "ingestion_report.json").read_text(encoding="utf-8"))
    assert set(report["batches"]) == {"uci_abalone", "north", r"\udcff\udcfe"}
    warnings = [
        event["message"] for event in map(json.loads, completed.stderr.splitlines()) if event["level"] != "INFO"
    ]
    assert warnings == ["south.txt is not read: its name does not end in .csv"]


@pytest.mark.parametrize(
    ("arguments", "expected", "absent"),
    [
        (["--pipelines", "ingestion"], "ingestion.", "training."),
        (["--tags", "figures"], "evaluation.", "training."),
        (["--from-nodes", "evaluation.decide_gate_node"], "evaluation.", "training."),
        (["--namespaces", "evaluation"], "evaluation.", "training."),
    ],
)
def test_part_of_the_pipeline_can_be_run(
    arguments: list[str], expected: str, absent: str, finished_project: Project
) -> None:
    completed = finished_project.run(*arguments)

    assert completed.returncode == 0, completed.stderr
    assert expected in completed.stderr
    assert absent not in completed.stderr


def test_parameters_can_be_given_on_the_command_line(finished_project: Project) -> None:
    completed = finished_project.run(
        "--pipelines", "ingestion,feature_engineering", "--params", "feature_engineering.test_fraction=0.5"
    )

    assert completed.returncode == 0, completed.stderr
    report = json.loads((finished_project.data / "08_reporting" / "split_report.json").read_text(encoding="utf-8"))
    assert report["test_share"] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--env", "production"], ["'production'", "base, dev, prd"]),
        (["--params", "training.random_stat=1"], ["training.random_stat"]),
    ],
)
def test_wrong_configuration_is_a_clear_error(arguments: list[str], parts: list[str], project: Project) -> None:
    completed = project.kedro("run", *arguments)

    assert completed.returncode == 1
    (last,) = completed.stderr.strip().splitlines()
    assert last.startswith("Error: ")
    for part in parts:
        assert part in last


def test_evaluation_before_training_is_a_clear_error(project: Project) -> None:
    completed = project.run("--pipelines", "evaluation")

    assert completed.returncode == 1
    last = completed.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    assert "kedro run" in last
    assert "Traceback" not in completed.stderr


@pytest.mark.parametrize("option", ["--pipelines", "--from-nodes", "--tags"])
def test_name_that_does_not_exist_is_a_clear_error(option: str, project: Project) -> None:
    completed = project.run(option, "evaluating")

    assert completed.returncode == 1
    last = completed.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    assert "kedro registry list" in last
    assert "Traceback" not in completed.stderr


def test_installed_package_runs_the_pipelines_too(project: Project) -> None:
    completed = project.python("-m", "abalone", "--pipelines", "ingestion")

    assert completed.returncode == 0, completed.stderr
    assert (project.data / "03_primary" / "measurements.parquet").is_file()


def test_tuning_is_resumed_where_it_was_stopped(finished_project: Project) -> None:
    few_folds = "training.cross_validation.folds=2,training.cross_validation.blocks=2,tuning.confirmation.folds=2"
    tune = ("--pipelines", "tuning", "--params")
    assert finished_project.run(*tune, f"{few_folds},tuning.n_trials=1").returncode == 0

    resumed = finished_project.run(*tune, f"{few_folds},tuning.n_trials=2")

    assert resumed.returncode == 0, resumed.stderr
    with contextlib.closing(sqlite3.connect(finished_project.data / "06_models" / "tuning.sqlite3")) as study:
        finished = study.execute("SELECT COUNT(*) FROM trials WHERE state = 'COMPLETE' GROUP BY study_id").fetchall()
    assert finished == [(2,), (2,)]
    assert (finished_project.data / "06_models" / "tuned_hyperparameters.yml").is_file()


def test_model_is_not_evaluated_on_rows_that_it_has_learnt_from(finished_project: Project) -> None:
    split_anew = ("--params", "feature_engineering.random_state=1")
    assert finished_project.run("--pipelines", "feature_engineering", *split_anew).returncode == 0

    completed = finished_project.run("--pipelines", "evaluation")

    assert completed.returncode == 1
    assert "run the training pipeline" in completed.stderr.strip().splitlines()[-1]


class References(HTMLParser):
    """Collects what a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            value or "" for name, value in attrs if name in ("src", "srcset") or (tag == "link" and name == "href")
        ]


def test_model_card_page_stands_alone(finished_run: Finished) -> None:
    project, _ = finished_run
    page = (project.data / "08_reporting" / "model_card.html").read_text(encoding="utf-8")
    references = References()

    references.feed(page)

    assert len(page.encode()) < 1_000_000
    assert references.found
    assert all(reference.startswith("data:image/png;base64,") for reference in references.found)
