"""The lineage, as kedro-viz shows it."""

import json
from pathlib import Path

import pytest

from support.project import REPOSITORY, Project


@pytest.fixture(scope="module")
def site(finished_run: tuple[Project, object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `kedro viz build` writes for a project that has run; it writes to the folder of the project."""
    folder = tmp_path_factory.mktemp("viz")
    (folder / "src").mkdir()
    for name in ("conf", "pyproject.toml", ".telemetry", "src/abalone"):
        (folder / name).symlink_to(REPOSITORY / name)
    project, _ = finished_run
    completed = project.kedro("viz", "build", "--include-previews", cwd=folder)
    assert completed.returncode == 0, completed.stderr
    return folder / "build"


def test_lineage_shows_the_four_pipelines_and_the_layers(site: Path) -> None:
    lineage = json.loads((site / "api" / "main").read_text(encoding="utf-8"))

    assert {pipeline["id"] for pipeline in lineage["modular_pipelines"].values()} >= {
        "ingestion",
        "feature_engineering",
        "training",
        "evaluation",
    }
    # kedro-viz drops all layers when they run in a circle
    assert lineage["layers"] == [
        "raw", "intermediate", "primary", "model_input", "models", "model_output", "reporting",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "kind"),
    [
        ("quarantine", "TablePreview"),
        ("measurements", "TablePreview"),
        ("cross_validation", "TablePreview"),
        ("test_predictions", "TablePreview"),
        ("metrics", "JSONPreview"),
        ("gate", "JSONPreview"),
        ("predicted_vs_actual_figure", "ImagePreview"),
        ("partial_dependence_figure", "ImagePreview"),
    ],
)
def test_dataset_has_a_preview(dataset: str, kind: str, site: Path) -> None:
    nodes = json.loads((site / "api" / "main").read_text(encoding="utf-8"))["nodes"]
    (node,) = [node for node in nodes if node["name"] == dataset]

    details = json.loads((site / "api" / "nodes" / node["id"]).read_text(encoding="utf-8"))

    assert details["preview_type"] == kind
    assert details["preview"]
