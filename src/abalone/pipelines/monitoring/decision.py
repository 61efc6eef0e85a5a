"""What is to be done about the model, from what was found."""

from collections.abc import Mapping
from typing import Any, NamedTuple

OK, WATCH, RETRAIN, ALARM = "ok", "watch", "retrain", "alarm"
DECISIONS = (OK, WATCH, RETRAIN, ALARM)
"""From the least to the most serious.

`ok`: nothing. `watch`: drift that a new site explains, or whose labels say that the predictions hold, or too few rows
or labels to tell. `retrain`: the error is worse than promised, the intervals hold too few rings, or drift beyond a new
site has moved the predictions. `alarm`: a fault that retraining would learn, so a person has to look."""

_FAULTS = {"stuck", "unit"}
"""Kinds of drift that are faults of a measurement."""


class Decision(NamedTuple):
    """What is to be done, and why.

    Attributes:
        decision: One of `DECISIONS`.
        reasons: Sentences, those that decided first.
    """

    decision: str
    reasons: list[str]


def decide(report: Mapping[str, Any], minimum_labels: int) -> Decision:
    """Decide by the most serious thing that was found.

    Args:
        report: `counts`, `drift`, `performance`, `window_performance`, `site` and `health` of a monitoring report.
        minimum_labels: With fewer nothing is concluded of the error.
    """
    found = {
        ALARM: _alarms(report),
        RETRAIN: _reasons_to_retrain(report),
        WATCH: _remarks(report, minimum_labels),
    }
    decision = next((name for name in reversed(DECISIONS) if found.get(name)), OK)
    reasons = dict.fromkeys(reason for name in (ALARM, RETRAIN, WATCH) for reason in found[name])
    return Decision(decision, list(reasons) or ["everything is as it was when the model was trained"])


def breaks_promise(performance: Mapping[str, Any] | None) -> bool:
    """Whether labels say that the predictions are worse than promised; False without labels enough."""
    return performance is not None and (performance["worse"] or performance["coverage_low"])


def _alarms(report: Mapping[str, Any]) -> list[str]:
    faults = [test["detail"] for test in report["drift"]["tests"] if test["kind"] in _FAULTS and test["drifted"]]
    return faults + ([] if report["health"]["ok"] else list(report["health"]["findings"]))


def _reasons_to_retrain(report: Mapping[str, Any]) -> list[str]:
    reasons = []
    performance = report["performance"]
    if performance and performance["worse"]:
        reasons.append(_error(performance))
    if performance and performance["coverage_low"]:
        reasons.append(
            f"{performance['coverage']['value']:.1%} of the true rings are within their intervals, "
            f"{performance['promised_coverage']:.1%} were promised"
        )
    # labels of the very animals that have changed know better, and those from before the change know nothing of them
    of_window = report["window_performance"]
    if of_window is None or breaks_promise(of_window):
        reasons += _moved(report["drift"])
    return reasons


def _moved(drift: Mapping[str, Any]) -> list[str]:
    """Tell the drift that may make the predictions wrong, if there is any."""
    moved = [test["detail"] for test in drift["tests"] if test["kind"] == "prediction" and test["drifted"]]
    if not drift["beyond_new_site"] or not moved:
        return []
    return ["the measurements have drifted beyond what a new site explains", *moved]


def _error(performance: Mapping[str, Any]) -> str:
    rmse, promised, rows = performance["rmse"]["value"], performance["promised_rmse"], f"{performance['rows']:,}"
    ratio, bias = performance["error_ratio"], performance["bias"]["value"]
    times = f"{ratio['value']:.2f} times what their intervals say" if ratio["lower"] > 1.0 else ""
    more = f"{abs(bias):.2f} rings {'more' if bias > 0 else 'fewer'} than predicted on average"
    if rmse > promised:
        return f"the error is {rmse:.2f} rings on {rows} labelled rows, {promised:.2f} were promised: {times or more}"
    # young animals, whose rings are few, have small errors and small intervals
    less = f"though {rmse:.2f} rings are less than the {promised:.2f} that were promised for animals of every age"
    if times:
        return f"the errors on {rows} labelled rows are {times}, {less}"
    return f"the animals of {rows} labelled rows have {more}, {less}"


def _remarks(report: Mapping[str, Any], minimum_labels: int) -> list[str]:
    remarks = list(report["drift"]["findings"])
    of_window = report["window_performance"]
    if _moved(report["drift"]) and of_window is not None and not breaks_promise(of_window):
        rows = f"{of_window['rows']:,} labelled rows of the window"
        remarks.insert(0, f"the predictions have moved, but keep their promise on {rows}")
    if report["site"]["new_site"]:
        remarks.append(report["site"]["detail"])
    if report["health"]["ok"]:
        remarks += report["health"]["findings"]
    labels = report["counts"]["labelled_rows"]
    if labels < minimum_labels:
        remarks.append(f"too few labels to tell whether the error is as promised: {labels:,} of {minimum_labels:,}")
    return remarks
