"""The end of a run on what the service captured."""

import copy
import io
from typing import Any

import pytest
from rich.console import Console

from abalone import service_summary
from support.reported import REPORT

PLACES = {
    "monitoring_html": "data/08_reporting/monitoring.html",
    "past_window_html": "data/08_reporting/monitoring_past.html",
    "monitoring_history": "data/08_reporting/monitoring_history.csv",
    "feedback_batches": "data/01_raw/landing",
}
LANDED = {
    "labels": 9, "labelled_rows": 6, "landed_rows": 1, "unchanged_rows": 2, "held_back_rows": 3,
    "landed": ["feedback_abalone_2026-09-22"], "held_back": ["feedback_abalone_2026-09-21"], "doubtful": [],
}  # fmt: skip


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), highlight=False, soft_wrap=True)


@pytest.fixture
def report() -> dict[str, Any]:
    return copy.deepcopy(REPORT)


def shown(console: Console) -> str:
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_decision_comes_first_with_a_reason_a_line_within_ninety_columns(
    report: dict[str, Any], console: Console
) -> None:
    report["reasons"] = ["the first", "the second, " + 30 * "long ", "the [red] one"]

    service_summary.show_window({"monitoring_report": report}, PLACES, console)

    text = shown(console)
    assert text.startswith("\nDecision   retrain\n           - the first\n           - the second, long")
    assert "           - the [red] one\n" in text
    assert max(map(len, text.splitlines())) <= 90


def test_window_is_told_with_its_rows_labels_and_places(report: dict[str, Any], console: Console) -> None:
    service_summary.show_window({"monitoring_report": report}, PLACES, console)

    text = shown(console)
    assert "Rows       600 predicted by model 2026-09-01T08.00.00.000Z\n" in text
    assert "Labelled   200 of 220 counts of rings are of its predictions\n" in text
    assert "Report     data/08_reporting/monitoring.html\n" in text
    assert "History    data/08_reporting/monitoring_history.csv\n" in text


def test_window_of_the_past_is_told_as_such_with_its_own_report(report: dict[str, Any], console: Console) -> None:
    report["window"] |= {"is_latest": False, "from": None}

    service_summary.show_window({"monitoring_report": report}, PLACES, console)

    text = shown(console)
    assert "Window     the very first to 2026-10-08T00:00:00Z, which is past\n" in text
    assert "Report     data/08_reporting/monitoring_past.html\n" in text


def test_landed_and_held_back_rows_are_told_with_their_batches(console: Console) -> None:
    service_summary.show_landed({"feedback_report": LANDED}, PLACES, console)

    assert shown(console) == (
        "\nLabelled   6 of 9 counts of rings belong to a prediction\n"
        "Landed     1\n           - data/01_raw/landing/feedback_abalone_2026-09-22.csv\n"
        "Unchanged  2 that had landed before\n"
        "Held back  3 of days in alarm\n           - feedback_abalone_2026-09-21\n"
    )
