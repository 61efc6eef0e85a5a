"""Captures on the simulated clock."""

from datetime import UTC, datetime
from pathlib import Path

from abalone.rehearsal.year.dating import date_captures
from abalone.serving.capture import open_capture
from abalone.serving.settings import Settings
from support.captures import captured, feedback, prediction

TRIPS = {"a": datetime(2025, 1, 6, 12, tzinfo=UTC), "b": datetime(2025, 1, 8, 12, tzinfo=UTC)}
TOLD = datetime(2025, 1, 10, 12, tzinfo=UTC)


def test_captures_are_dated_to_their_trip_and_nothing_else_of_them_changes(tmp_path: Path) -> None:
    written, dated = tmp_path / "written", tmp_path / "dated"
    capture = open_capture(Settings(capture=str(written)))
    assert capture is not None
    for name in TRIPS:
        capture.predictions.offer(prediction(name))
    capture.feedback.offer(feedback("a"))
    capture.close(timeout_seconds=60)
    before = {event["eventMetadata"]["inferenceId"]: event for event in captured(written / "abalone")}
    labels = captured(written / "abalone-ground-truth")

    files = date_captures(written, dated, TRIPS, TOLD)

    assert sorted(path.parent.relative_to(dated).as_posix() for path in files) == [
        "abalone/local/2025/01/06/12",
        "abalone/local/2025/01/08/12",
    ]
    after = captured(dated / "abalone")
    for name, time in zip(TRIPS, ("2025-01-06T12:00:00Z", "2025-01-08T12:00:00Z"), strict=True):
        before[name]["eventMetadata"]["inferenceTime"] = time
    assert after == list(before.values())
    assert captured(dated / "abalone-ground-truth" / "2025/01/10/12") == labels
    assert captured(written) == []
