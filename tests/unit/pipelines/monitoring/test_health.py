"""Whether the service does its work."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from abalone.captures import Window
from abalone.pipelines.monitoring.health import examine_health

LIMITS = {
    "minimum_count": 7, "maximum_warned_share": 0.2, "maximum_refused_share": 0.2, "maximum_unreadable_share": 0.01,
    "maximum_gap_hours": 72,
}  # fmt: skip
NONE = {
    "refused_rows": 0, "unreadable_lines": 0, "truncated_lines": 0, "lines": 100, "events": 100,
    "foreign_version_rows": 0, "labels": 100, "lost_labels": 0,
}  # fmt: skip
NOTHING = dict.fromkeys(NONE, 0)
CAPTURED = Window(datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 8, tzinfo=UTC))
END = datetime(2026, 9, 8, tzinfo=UTC)


def examined(
    *, warned: int = 0, days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7), counts: dict[str, int] = NONE
) -> dict[str, Any]:
    times = pd.to_datetime([f"2026-09-{day:02}T12:00Z" for day in days], utc=True)
    rows = pd.DataFrame({"time": times, "warned": [number < warned for number in range(len(days))]})
    return examine_health(rows, {"rows": len(rows)} | counts, END, CAPTURED, LIMITS)


def test_service_without_complaints_is_healthy() -> None:
    assert examined(warned=1) == {
        "ok": True, "findings": [], "warned_rows": 1, "refused_rows": 0, "unreadable_lines": 0,
        "longest_gap_hours": 24.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"counts": NONE | {"refused_rows": 3}}, "3 of 10 rows were refused: 30.0%, more than 20.0%"),
        ({"counts": NONE | {"unreadable_lines": 2}}, "2 of 100 captured lines cannot be read: 2.0%, more than 1.0%"),
        (
            {"counts": NONE | {"unreadable_lines": 10, "lines": 10}},
            "10 of 10 captured lines cannot be read: 100.0%, more than 1.0%",
        ),
    ],
)
def test_too_large_a_share_is_a_fault(changes: dict[str, Any], finding: str) -> None:
    health = examined(**changes)

    assert health["findings"] == [finding]
    assert health["ok"] is False


def test_warnings_tell_of_unusual_animals_and_are_no_fault() -> None:
    health = examined(warned=2)

    assert health["findings"] == ["2 of 7 rows carry a warning: 28.6%, more than 20.0%"]
    assert health["ok"] is True


def test_nothing_is_concluded_from_a_few() -> None:
    health = examined(days=(5, 6, 7), counts=NONE | {"refused_rows": 3})

    assert (health["ok"], health["findings"]) == (True, [])


@pytest.mark.parametrize("days", [(1, 5), (1, 2, 3)])
def test_silence_between_requests_or_since_the_last_one_is_a_finding_and_no_fault(days: tuple[int, ...]) -> None:
    health = examined(days=days)

    (finding,) = health["findings"]
    assert finding.startswith("nothing was asked, or captured, for ")
    assert health["ok"] is True


@pytest.mark.parametrize(("unreadable", "lines"), [(1, 10), (3, 1000)])
def test_damaged_line_among_many_or_alone_is_an_accident(unreadable: int, lines: int) -> None:
    health = examined(counts=NONE | {"unreadable_lines": unreadable, "lines": lines})

    assert (health["ok"], health["findings"]) == (True, [])


@pytest.mark.parametrize(
    ("counts", "finding"),
    [
        (NOTHING, "nothing was captured in this window: the captures span 2026-09-01 00:00 to 2026-09-08 00:00 UTC"),
        (
            NOTHING | {"foreign_version_rows": 1200},
            "other models predicted all 1,200 animals of this window, and the one in service none",
        ),
        (
            NOTHING | {"lines": 1, "truncated_lines": 1},
            "no prediction of this window can be read: 1 of 1 captured lines are damaged",
        ),
        (NOTHING | {"lines": 1, "events": 1, "refused_rows": 2}, "no animal of this window was predicted"),
    ],
)
def test_window_without_predictions_is_no_fault_and_says_why(counts: dict[str, int], finding: str) -> None:
    health = examined(days=(), counts=counts)

    assert (health["ok"], health["findings"], health["longest_gap_hours"]) == (True, [finding], None)


@pytest.mark.parametrize(("lost", "told"), [(301, 601), (1, 1)])
def test_labels_of_which_half_belong_to_no_prediction_are_a_finding_and_no_fault(lost: int, told: int) -> None:
    health = examined(counts=NONE | {"lost_labels": lost, "labels": told})

    (finding,) = health["findings"]
    assert finding.startswith(f"{lost} of {told} counts of rings belong to no captured prediction")
    assert "row, which counts from 1" in finding
    assert health["ok"] is True


def test_few_labels_of_no_prediction_pass() -> None:
    assert examined(counts=NONE | {"lost_labels": 49})["findings"] == []
