"""From files and a model to the report, its history, and what follows."""

import json
from typing import Any

import pytest
import yaml

from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact
from abalone.pipelines.monitoring.metrics import METRICS, window_metrics
from abalone.pipelines.monitoring.nodes import read_labelled_rows, read_served_rows, report_window, request_retraining
from abalone.pipelines.monitoring.window import Window, window_of
from abalone.schema import MEASUREMENT_NAMES
from support import training
from support.project import REPOSITORY
from support.served import HOUR, NOON, VERSION, capture_path, event, files, label, label_path, sagemaker_event

EVERYTHING = {"hours": None, "label_hours": None, "until": None}


@pytest.fixture(scope="module")
def parameters() -> dict[str, Any]:
    text = (REPOSITORY / "conf" / "base" / "parameters_monitoring.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)["monitoring"]
    return loaded


@pytest.fixture(scope="module")
def champion(trained: tuple[object, Artifact]) -> Artifact:
    _, artifact = trained
    return Artifact(artifact.onnx, artifact.skops, artifact.metadata, VERSION)


def served(rows: int, champion: Artifact, length_factor: float = 1.0, labels: int = 0) -> Any:
    """Files of a batch of animals of the training, as the champion answers it."""
    table = training.survey_table().sample(rows, random_state=3)
    table = table.assign(length=table["length"] * length_factor)
    predicted = champion.predict(table)
    answer = "".join(f"{rings},{low},{high},0,,\r\n" for rings, low, high in zip(*predicted, strict=True))
    request = table[list(MEASUREMENT_NAMES)].to_csv(index=False, header=False)
    rings = table["rings"].astype(int).tolist()[:labels]
    return files(
        **{
            capture_path(): event("a", request=request.encode(), answer=answer.encode()),
            label_path(): b"".join(label("a", ring, row) for row, ring in enumerate(rings, 1)),
        }
    )


def reported(captures: Any, champion: Artifact, parameters: dict[str, Any]) -> dict[str, Any]:
    rows, capture_counts, window = read_served_rows(captures, champion, parameters["window"])
    labelled, label_counts = read_labelled_rows(captures, champion, window, parameters["window"])
    return report_window(
        rows,
        labelled,
        window,
        champion,
        capture_counts=capture_counts,
        label_counts=label_counts,
        parameters=parameters,
    )


def test_rows_of_other_versions_are_counted_and_left_out(champion: Artifact) -> None:
    captures = files(
        **{
            capture_path(): event("a", 2) + event("b", 3, version="older") + event("unknown", version="")
            + sagemaker_event("c") + sagemaker_event("d", answer_version="older")
        }
    )  # fmt: skip

    rows, counts, _ = read_served_rows(captures, champion, EVERYTHING)

    assert sorted(rows["event_id"]) == ["a", "a", "c", "unknown"]
    assert (counts["rows"], counts["foreign_version_rows"]) == (8, 4)


def test_labels_that_are_told_late_are_found_and_those_of_no_row_counted(champion: Artifact) -> None:
    captures = files(
        **{
            capture_path(): event("a", 2) + event("b", version="older"),
            label_path("2026/12/24/18"): label("a", 9, row=2) + label("a", 9, row=3) + label("b") + label("nobody"),
        }
    )

    labelled, counts = read_labelled_rows(captures, champion, Window(), EVERYTHING)

    assert labelled[["event_id", "row", "rings"]].to_numpy().tolist() == [["a", 2, 9]]
    assert (counts["labelled_rows"], counts["unmatched_labels"]) == (1, 3)


@pytest.mark.parametrize(("label_hours", "found"), [(24 * 30, ["old", "new"]), (24, ["new"])])
def test_animals_from_before_the_window_count_once_their_rings_are_known(
    champion: Artifact, label_hours: float, found: list[str]
) -> None:
    three_weeks = 21 * 86_400
    captures = files(
        **{
            capture_path("2026/08/31/14"): event("old", time=NOON - three_weeks),
            capture_path(): event("new"),
            label_path(): label("old") + label("new"),
        }
    )
    lengths = {"hours": 24, "label_hours": label_hours, "until": None}

    rows, _, window = read_served_rows(captures, champion, lengths)
    labelled, _ = read_labelled_rows(captures, champion, window, lengths)

    assert rows["event_id"].tolist() == ["new"]
    assert labelled["event_id"].tolist() == found


def test_report_is_json_and_counts_what_was_served(champion: Artifact, parameters: dict[str, Any]) -> None:
    report = reported(served(200, champion, labels=100), champion, parameters)

    assert json.loads(json.dumps(report)) == report
    assert report["window"] == {
        "from": "2026-09-14T15:00:00Z",
        "to": "2026-09-21T15:00:00Z",
        "rows": 200,
        "is_latest": True,
    }
    assert report["model"] == {"version": VERSION, "digest": champion.digest}
    assert (report["counts"]["labelled_rows"], report["performance"]["rows"]) == (100, 100)


def test_too_few_labels_leave_the_error_unknown(champion: Artifact, parameters: dict[str, Any]) -> None:
    report = reported(served(200, champion, labels=49), champion, parameters)

    assert report["performance"] is None
    assert report["decision"] != "ok"
    assert {"rmse", "interval_coverage"}.isdisjoint(window_metrics(report))


def test_lengths_in_centimetres_are_an_alarm_and_no_request(champion: Artifact, parameters: dict[str, Any]) -> None:
    report = reported(served(300, champion, length_factor=2.54, labels=100), champion, parameters)

    assert report["decision"] == "alarm"
    assert request_retraining(report) == {}
    assert window_metrics(report)["retraining_wanted"] == 0


def test_window_without_rows_is_reported(champion: Artifact, parameters: dict[str, Any]) -> None:
    nothing = files(**{capture_path(): event("a", version="older")})

    report = reported(nothing, champion, parameters)

    assert report["window"]["rows"] == 0
    assert report["decision"] == "watch"


@pytest.mark.parametrize(
    ("performance", "reason"),
    [
        ({"worse": True, "coverage_low": False}, "performance"),
        ({"worse": False, "coverage_low": True}, "performance"),
        ({"worse": False, "coverage_low": False}, "drift"),
        (None, "drift"),
    ],
)
def test_request_names_what_asks_for_retraining(performance: dict[str, bool] | None, reason: str) -> None:
    report = {
        "decision": "retrain", "window": {"is_latest": True}, "performance": performance, "reasons": ["one", "another"],
    }  # fmt: skip

    assert request_retraining(report) == {"reason": reason, "detail": "one; another"}


@pytest.mark.parametrize("decision", ["ok", "watch", "alarm"])
def test_other_decisions_request_nothing(decision: str) -> None:
    assert request_retraining({"decision": decision, "performance": None, "reasons": ["a"]}) == {}


def test_window_of_the_past_requests_and_publishes_nothing(champion: Artifact, parameters: dict[str, Any]) -> None:
    earlier = parameters | {"window": parameters["window"] | {"until": "2026-09-22T00:00:00Z"}}

    report = reported(served(200, champion, labels=100), champion, earlier)

    assert report["window"]["rows"] == 200
    assert window_metrics(report) == {}
    assert request_retraining(report | {"decision": "retrain"}) == {}


def test_metrics_have_the_names_that_are_told(champion: Artifact, parameters: dict[str, Any]) -> None:
    metrics = window_metrics(reported(served(200, champion, labels=100), champion, parameters))

    assert tuple(metrics) == METRICS
    assert (metrics["served_rows"], metrics["labelled_rows"]) == (200, 100)


def test_project_without_a_model_in_service_is_told_what_to_do() -> None:
    with pytest.raises(AbaloneError, match=r"no model is in service.*make run"):
        read_served_rows({}, None, EVERYTHING)


@pytest.mark.parametrize("captures", [{}, {label_path(): label("a")}])
def test_no_captures_are_told_with_the_remedy(champion: Artifact, captures: dict[str, bytes]) -> None:
    with pytest.raises(AbaloneError, match=r"nothing has been captured.*make serve"):
        read_served_rows(files(**captures), champion, EVERYTHING)


def test_window_ends_where_it_is_told_to(champion: Artifact) -> None:
    captures = files(**{capture_path(HOUR): event("a") + event("b", time=NOON + 60)})

    rows, _, window = read_served_rows(captures, champion, {"hours": 1, "until": "2026-09-21T16:14:00+02:00"})

    assert window.to_json() == {"from": "2026-09-21T13:14:00Z", "to": "2026-09-21T14:14:00Z"}
    assert rows["event_id"].tolist() == ["a"]


def test_end_that_is_no_time_is_named() -> None:
    with pytest.raises(AbaloneError, match=r"monitoring.window.until = 'yesterday' is no time"):
        window_of({"hours": 1, "until": "yesterday"}, [])
