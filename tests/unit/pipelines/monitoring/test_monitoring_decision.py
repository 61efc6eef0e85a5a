"""One decision, by the most serious thing that was found."""

from typing import Any

import pytest

from abalone.pipelines.monitoring.decision import ALARM, OK, RETRAIN, WATCH, decide

MINIMUM_LABELS = 50
STUCK = {"kind": "stuck", "drifted": True, "detail": "height is 0.1 in every other row"}
UNIT = {"kind": "unit", "drifted": True, "detail": "whole weight looks like ounces"}
LONGER = {"kind": "measurement", "drifted": True, "detail": "the animals are longer"}
OLDER = {"kind": "prediction", "drifted": True, "detail": "the predictions are higher"}


def found(**changes: Any) -> dict[str, Any]:
    """A report on 500 rows and 100 labels in which nothing is wrong, but for the changes."""
    nothing = {
        "window": {"rows": 500},
        "counts": {"labelled_rows": 100},
        "drift": drift(),
        "performance": performance(),
        "window_performance": None,
        "site": {"new_site": False, "detail": "the animals are those of a known site"},
        "health": {"ok": True, "findings": []},
    }
    return {**nothing, **changes}


def drift(*tests: dict[str, Any], beyond: bool = False) -> dict[str, Any]:
    findings = [test["detail"] for test in tests]
    return {"detected": bool(tests), "beyond_new_site": beyond, "tests": list(tests), "findings": findings}


def performance(
    *, worse: bool = False, coverage_low: bool = False, rmse: float = 2.6, ratio: float = 1.25
) -> dict[str, Any]:
    return {
        "rows": 100, "rmse": {"value": rmse}, "promised_rmse": 2.1, "bias": {"value": -0.9}, "worse": worse,
        "error_ratio": {"value": ratio, "lower": ratio - 0.2},
        "coverage": {"value": 0.8}, "promised_coverage": 0.9, "coverage_low": coverage_low,
    }  # fmt: skip


def test_nothing_found_is_ok_and_says_so() -> None:
    decision, reasons = decide(found(), MINIMUM_LABELS)

    assert decision == OK
    assert reasons == ["everything is as it was when the model was trained"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"drift": drift(LONGER)}, "the animals are longer"),
        ({"drift": drift(LONGER, OLDER)}, "the predictions are higher"),
        ({"drift": drift(LONGER, beyond=True)}, "the animals are longer"),
        ({"site": {"new_site": True, "detail": "it is a new site"}}, "it is a new site"),
        ({"health": {"ok": True, "findings": ["silent for 80 hours"]}}, "silent for 80 hours"),
        ({"drift": {**drift(), "findings": ["99 animals are too few to tell"]}}, "99 animals are too few to tell"),
        ({"counts": {"labelled_rows": 49}, "performance": None}, "too few labels to tell whether the error is"),
    ],
)
def test_what_a_new_site_explains_or_cannot_be_told_is_watched(changes: dict[str, Any], reason: str) -> None:
    decision, reasons = decide(found(**changes), MINIMUM_LABELS)

    assert decision == WATCH
    assert any(text.startswith(reason) for text in reasons)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"performance": performance(worse=True)},
            "the error is 2.60 rings on 100 labelled rows, 2.10 were promised: 1.25 times what their intervals say",
        ),
        (
            {"performance": performance(worse=True, rmse=1.5)},
            "the errors on 100 labelled rows are 1.25 times what their intervals say, though 1.50 rings are less than "
            "the 2.10 that were promised for animals of every age",
        ),
        (
            {"performance": performance(worse=True, rmse=1.5, ratio=1.1)},
            "the animals of 100 labelled rows have 0.90 rings fewer than predicted on average, though 1.50 rings "
            "are less than the 2.10 that were promised for animals of every age",
        ),
        (
            {"performance": performance(coverage_low=True)},
            "80.0% of the true rings are within their intervals, 90.0% were promised",
        ),
        (
            {"drift": drift(LONGER, OLDER, beyond=True)},
            "the measurements have drifted beyond what a new site explains",
        ),
    ],
)
def test_worse_than_promised_or_drift_that_moves_the_predictions_is_retrained(
    changes: dict[str, Any], reason: str
) -> None:
    decision, reasons = decide(found(**changes), MINIMUM_LABELS)

    assert decision == RETRAIN
    assert reasons[0] == reason


@pytest.mark.parametrize(
    "of_window", [None, performance(worse=True), performance(coverage_low=True)], ids=["none", "worse", "low coverage"]
)
def test_drift_asks_for_retraining_unless_labels_of_the_window_say_that_the_promise_is_kept(of_window: Any) -> None:
    report = found(drift=drift(LONGER, OLDER, beyond=True), window_performance=of_window)

    decision, reasons = decide(report, MINIMUM_LABELS)

    assert decision == RETRAIN
    assert reasons[0] == "the measurements have drifted beyond what a new site explains"


def test_drift_whose_labels_keep_the_promise_is_watched() -> None:
    report = found(drift=drift(LONGER, OLDER, beyond=True), window_performance=performance())

    decision, reasons = decide(report, MINIMUM_LABELS)

    assert decision == WATCH
    assert reasons[0] == "the predictions have moved, but keep their promise on 100 labelled rows of the window"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"drift": drift(STUCK)}, STUCK["detail"]),
        ({"drift": drift(LONGER, UNIT, OLDER, beyond=True)}, UNIT["detail"]),
        ({"health": {"ok": False, "findings": ["half of the rows were refused"]}}, "half of the rows were refused"),
    ],
)
def test_fault_is_an_alarm_even_where_the_error_asks_for_retraining(changes: dict[str, Any], reason: str) -> None:
    decision, reasons = decide(found(performance=performance(worse=True), **changes), MINIMUM_LABELS)

    assert decision == ALARM
    assert reasons[0] == reason
    assert any("rings" in text for text in reasons)


def test_each_reason_is_told_once() -> None:
    report = found(drift=drift(STUCK, LONGER), performance=performance(worse=True))

    _, reasons = decide(report, MINIMUM_LABELS)

    assert len(reasons) == len(set(reasons))
