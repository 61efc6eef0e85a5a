"""From files and a model to the report, its history, and what follows."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml

from abalone.captures import Window
from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact
from abalone.pipelines.monitoring.metrics import METRICS, window_metrics
from abalone.pipelines.monitoring.nodes import (
    examine,
    predicted_by,
    read_labelled_rows,
    read_served_rows,
    report_window,
    request_retraining,
)
from abalone.pipelines.monitoring.window import window_of
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
    rows, capture_counts, window, captured = read_served_rows(
        captures, champion, parameters["endpoint"], parameters["window"]
    )
    labelled, label_counts = read_labelled_rows(
        captures, champion, window, parameters["endpoint"], parameters["window"]
    )
    return report_window(
        rows,
        labelled,
        window,
        champion,
        captured=captured,
        capture_counts=capture_counts,
        label_counts=label_counts,
        parameters=parameters,
    )


def test_rows_of_other_versions_are_counted_and_told_apart(champion: Artifact) -> None:
    captures = files(
        **{
            capture_path(): event("a", 2) + event("b", 3, version="older") + event("unknown", version="")
            + sagemaker_event("c") + sagemaker_event("d", answer_version="older")
        }
    )  # fmt: skip

    rows, counts, _, _ = read_served_rows(captures, champion, None, EVERYTHING)

    assert sorted(predicted_by(champion, rows)["event_id"]) == ["a", "a", "c", "unknown"]
    assert (counts["rows"], counts["foreign_version_rows"]) == (8, 4)


def test_labels_that_are_told_late_are_found_and_those_of_no_row_counted(champion: Artifact) -> None:
    captures = files(
        **{
            capture_path(): event("a", 2) + event("b", version="older"),
            label_path("2026/12/24/18"): label("a", 9, row=2) + label("a", 9, row=3) + label("b") + label("nobody"),
        }
    )

    labelled, counts = read_labelled_rows(captures, champion, Window(), None, EVERYTHING)

    assert labelled[["event_id", "row", "rings"]].to_numpy().tolist() == [["a", 2, 9]]
    assert (counts["labelled_rows"], counts["unmatched_labels"], counts["lost_labels"]) == (1, 3, 2)


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

    rows, _, window, _ = read_served_rows(captures, champion, None, lengths)
    labelled, counts = read_labelled_rows(captures, champion, window, None, lengths)

    assert rows["event_id"].tolist() == ["new"]
    assert labelled["event_id"].tolist() == found
    assert counts["unmatched_labels"] == 2 - len(found)


def test_labels_of_predictions_from_before_the_time_of_labels_are_not_lost(champion: Artifact) -> None:
    captures = files(
        **{
            capture_path("2026/09/20/08"): event("before", time=NOON - 30 * 3600),
            capture_path(): event("new"),
            label_path(): label("before") + label("new") + label("nobody"),
        }
    )
    lengths = {"hours": 24, "label_hours": 24, "until": None}

    _, _, window, _ = read_served_rows(captures, champion, None, lengths)
    labelled, counts = read_labelled_rows(captures, champion, window, None, lengths)

    assert labelled["event_id"].tolist() == ["new"]
    assert (counts["unmatched_labels"], counts["lost_labels"]) == (2, 1)


def test_labels_of_predictions_from_after_the_window_are_not_lost(champion: Artifact) -> None:
    captures = files(
        **{
            capture_path(): event("a") + event("b", time=NOON + 60),
            label_path("2026/12/24/18"): label("a") + label("b") + label("nobody"),
        }
    )

    labelled, counts = read_labelled_rows(
        captures, champion, Window(end=datetime.fromtimestamp(NOON + 30, UTC)), None, EVERYTHING
    )

    assert labelled["event_id"].tolist() == ["a"]
    assert (counts["unmatched_labels"], counts["lost_labels"]) == (2, 1)


def test_report_is_json_and_counts_what_was_served(champion: Artifact, parameters: dict[str, Any]) -> None:
    report = reported(served(200, champion, labels=100), champion, parameters)

    assert json.loads(json.dumps(report)) == report
    assert report["window"] == {
        "from": "2026-09-14T15:00:00Z",
        "to": "2026-09-21T15:00:00Z",
        "labels_from": "2026-06-23T15:00:00Z",
        "rows": 200,
        "is_latest": True,
    }
    assert report["model"] == {"version": VERSION, "digest": champion.digest}
    assert (report["counts"]["labelled_rows"], report["performance"]["rows"]) == (100, 100)


def test_labels_of_other_animals_say_nothing_of_those_of_the_window(
    champion: Artifact, parameters: dict[str, Any]
) -> None:
    captures = served(200, champion, labels=100)
    rows, _, window, _ = read_served_rows(captures, champion, None, parameters["window"])
    labelled, _ = read_labelled_rows(captures, champion, window, None, parameters["window"])

    of_window = examine(rows, rows, labelled, champion.metadata, parameters)
    of_others = examine(rows.assign(event_id="new"), rows, labelled, champion.metadata, parameters)

    assert of_window["window_performance"] == of_window["performance"]
    assert of_others["performance"]["rows"] == 100
    assert of_others["window_performance"] is None


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


def test_fault_is_an_alarm_whichever_model_predicted_its_animals(
    champion: Artifact, parameters: dict[str, Any]
) -> None:
    successor = Artifact(champion.onnx, champion.skops, champion.metadata, "2026-09-21T18.00.00.000Z")

    report = reported(served(300, champion, length_factor=2.54), successor, parameters)

    assert (report["window"]["rows"], report["counts"]["foreign_version_rows"]) == (0, 300)
    assert report["decision"] == "alarm"
    assert "length" in report["reasons"][0]


def test_window_without_rows_is_reported_and_claims_nothing(champion: Artifact, parameters: dict[str, Any]) -> None:
    captures = files(**{capture_path(): event("a")})
    earlier = parameters | {"window": parameters["window"] | {"until": "2026-03-01T00:00:00Z"}}

    report = reported(captures, champion, earlier)

    assert report["window"]["rows"] == 0
    assert report["decision"] == "watch"
    assert report["site"]["detail"] == "there are too few animals to tell"
    span = "2026-09-21 14:00 to 2026-09-21 15:00 UTC"
    assert f"nothing was captured in this window: the captures span {span}" in report["reasons"]


def test_captures_that_cannot_be_read_are_an_alarm_however_few(champion: Artifact, parameters: dict[str, Any]) -> None:
    damaged = event("a", 300).replace(b"captureData", b"captureXata")

    report = reported(files(**{capture_path(): damaged * 10}), champion, parameters)

    assert report["decision"] == "alarm"
    assert report["reasons"][0].startswith("10 of 10 captured lines cannot be read")


def test_labels_that_half_belong_to_nothing_are_watched(champion: Artifact, parameters: dict[str, Any]) -> None:
    captures = served(200, champion, labels=100)
    strangers = b"".join(label("nobody", row=row) for row in range(1, 102))

    report = reported({**captures, **files(**{label_path(name="late"): strangers})}, champion, parameters)

    assert report["decision"] == "watch"
    assert any(reason.startswith("101 of 201 counts of rings belong to no") for reason in report["reasons"])


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


def test_metrics_have_the_names_that_are_told(champion: Artifact, parameters: dict[str, Any]) -> None:
    metrics = window_metrics(reported(served(200, champion, labels=100), champion, parameters))

    assert tuple(metrics) == METRICS
    assert (metrics["served_rows"], metrics["labelled_rows"]) == (200, 100)


def test_project_without_a_model_in_service_is_told_what_to_do() -> None:
    with pytest.raises(AbaloneError, match=r"no model is in service.*make run"):
        read_served_rows({}, None, None, EVERYTHING)


def test_one_endpoint_may_be_looked_at(champion: Artifact, parameters: dict[str, Any]) -> None:
    captures = files(
        **{
            capture_path(endpoint="abalone-dev"): event("a", 3),
            label_path(endpoint="abalone-dev"): label("a"),
            capture_path("2026/10/01/00", endpoint="abalone-prd"): event("b", time=NOON + 86_400),
            label_path("2026/10/01/00", endpoint="abalone-prd"): label("b"),
        }
    )

    report = reported(captures, champion, parameters | {"endpoint": "abalone-dev"})
    everyones = reported(captures, champion, parameters)

    assert (report["endpoint"], everyones["endpoint"]) == ("abalone-dev", None)
    assert (report["window"]["rows"], report["counts"]["labels"]) == (3, 1)
    assert report["window"]["to"] == "2026-09-21T15:00:00Z"
    assert everyones["counts"]["labels"] == 2
    with pytest.raises(AbaloneError, match=r"captured of endpoint abalone-tst.*mend monitoring\.endpoint.*make serve"):
        reported(captures, champion, parameters | {"endpoint": "abalone-tst"})


@pytest.mark.parametrize("captures", [{}, {label_path(): label("a")}])
def test_no_captures_are_told_with_the_remedy(champion: Artifact, captures: dict[str, bytes]) -> None:
    with pytest.raises(AbaloneError, match=r"nothing has been captured.*make serve"):
        read_served_rows(files(**captures), champion, None, EVERYTHING)


def test_window_ends_with_the_newest_hour_of_captures() -> None:
    day = Window(datetime(2026, 9, 21, tzinfo=UTC), datetime(2026, 9, 22, tzinfo=UTC))

    window = window_of({"hours": 1, "until": None}, day)

    assert window.to_json() == {"from": "2026-09-21T23:00:00Z", "to": "2026-09-22T00:00:00Z"}


def test_window_ends_where_it_is_told_to(champion: Artifact) -> None:
    captures = files(**{capture_path(HOUR): event("a") + event("b", time=NOON + 60)})

    rows, _, window, _ = read_served_rows(captures, champion, None, {"hours": 1, "until": "2026-09-21T16:14:00+02:00"})

    assert window.to_json() == {"from": "2026-09-21T13:14:00Z", "to": "2026-09-21T14:14:00Z"}
    assert rows["event_id"].tolist() == ["a"]


@pytest.mark.parametrize("until", ["yesterday", "0001-01-01T00:00:00+05:00", "9999-01-01"])
def test_end_that_is_no_time_is_named(until: str) -> None:
    with pytest.raises(AbaloneError, match=rf"monitoring.window.until = '{re.escape(until)}' is no time"):
        window_of({"hours": 1, "until": until}, Window())


def test_end_in_the_future_is_refused_unless_captures_reach_there() -> None:
    until = datetime.now(UTC) + timedelta(days=1)
    parameters = {"hours": 1, "until": until.isoformat()}

    assert window_of(parameters, Window(end=until)).end == until
    with pytest.raises(AbaloneError, match=r"monitoring.window.until = .* is in the future"):
        window_of(parameters, Window(end=until - timedelta(seconds=1)))
