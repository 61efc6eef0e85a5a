"""What a window of the past leaves alone."""

import json
from pathlib import Path

import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.runner import SequentialRunner
from kedro_datasets.json import JSONDataset

from abalone.pipelines.monitoring import create_pipeline

REQUESTED = {"reason": "drift", "detail": "of the latest window"}


@pytest.mark.parametrize(
    ("is_latest", "kept"), [(True, {"reason": "drift", "detail": "the animals differ"}), (False, REQUESTED)]
)
def test_request_of_the_latest_window_stays_when_one_of_the_past_is_looked_at(
    tmp_path: Path, is_latest: bool, kept: dict[str, str]
) -> None:
    request = tmp_path / "retraining_request.json"
    request.write_text(json.dumps(REQUESTED), encoding="utf-8")
    report = {
        "decision": "retrain", "reasons": ["the animals differ"], "performance": None,
        "window": {"is_latest": is_latest},
    }  # fmt: skip
    catalog = DataCatalog(
        {"monitoring_report": MemoryDataset(report), "retraining_request": JSONDataset(filepath=str(request))}
    )

    SequentialRunner().run(create_pipeline().only_nodes("monitoring.request_retraining_node"), catalog)

    assert json.loads(request.read_text(encoding="utf-8")) == kept


@pytest.mark.parametrize("output", ["monitoring_html", "past_window_html", "monitoring_metrics"])
def test_each_window_makes_either_what_tells_of_now_or_what_tells_of_the_past(output: str) -> None:
    (node,) = create_pipeline().only_nodes_with_outputs(output).nodes
    other = {"window": {"is_latest": output == "past_window_html"}}

    saved = node.func(other, *node.inputs[1:])

    assert list(saved) == []
