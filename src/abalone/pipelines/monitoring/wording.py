"""What was found, in words for people."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from abalone.pipelines.monitoring.decision import ALARM, OK, RETRAIN, WATCH, breaks_promise
from abalone.pipelines.monitoring.naming import spoken


class Headline(NamedTuple):
    """A decision in words.

    Attributes:
        word: In a few words.
        sentence: What it means.
    """

    word: str
    sentence: str


HEADLINES = {
    OK: Headline("All is well", "Nothing has to be done: the model does what it promised, as far as can be told."),
    WATCH: Headline(
        "Keep an eye on it", "Something is unusual, or unknown, but nothing shows that the model is wrong."
    ),
    RETRAIN: Headline(
        "Retrain the model",
        "The predictions do not keep their promise any more, or the animals have changed so much that they may not.",
    ),
    ALARM: Headline("Somebody has to look", "Something is faulty that retraining would only teach to the model."),
}

_BROKEN = "The predictions do not keep their promise any more."
_CHANGED = "The animals have changed beyond what a new site explains, and the predictions with them."

READ = {
    "events": "Requests",
    "rows": "Animals",
    "labels": "Counted rings",
    "labelled_rows": "Animals with counted rings",
}
"""What was read, by the name of its count."""

LEFT_OUT = {
    "duplicate_events": "Requests that were captured twice (counted once)",
    "events_outside_window": "Requests before or after the window",
    "truncated_lines": "Lines that end too early, as a killed process leaves them",
    "unreadable_lines": "Lines that cannot be read",
    "foreign_version_rows": "Animals that another version of the model predicted",
    "refused_rows": "Animals whose measurements the service refused",
    "truncated_labels": "Counts whose line ends too early",
    "unreadable_labels": "Counts that cannot be read",
    "duplicate_labels": "Counts that were told twice (the later one holds)",
    "unmatched_labels": "Counts that belong to no animal of the window",
}
"""What was left out, by the name of its count."""

_TESTS = {"joint": "all measurements together"}
_FAULTS = {"stuck": ", stuck at a value", "unit": ", in another unit"}
_SMALL = 0.001
_NOTHING = "\N{EN DASH}"


def headline(report: Mapping[str, Any]) -> Headline:
    """Say a decision in words: for `retrain`, which of its two grounds it is."""
    words = HEADLINES[report["decision"]]
    if report["decision"] != RETRAIN:
        return words
    return words._replace(sentence=_BROKEN if breaks_promise(report["performance"]) else _CHANGED)


def what_is_tested(test: Mapping[str, Any]) -> str:
    """Name what a test of drift looks at, such as `shell weight / whole weight`, by its name and kind."""
    return _TESTS.get(test["name"], spoken(test["name"])) + _FAULTS.get(test["kind"], "")


def finding(test: Mapping[str, Any]) -> str:
    """Write what a test of drift found, without the name of what it looks at."""
    return str(test["detail"]).removeprefix(f"{what_is_tested(test)}: ")


def evidence(test: Mapping[str, Any]) -> str:
    """Write what decided a test of drift: its probability by chance alone, or its statistic where that has a limit."""
    p_value = test["p_value"]
    if p_value is None:
        return f"{test['statistic']:.3g} (limit {test['threshold']:g})"
    chance = f"below {_SMALL}" if p_value < _SMALL else f"{p_value:.3f}"
    return f"p {chance} (limit {test['threshold']:g})"


def sentence(clause: str) -> str:
    """Make a sentence of a clause: `the error is large` becomes `The error is large.`."""
    whole = clause.strip()
    return f"{whole[:1].upper()}{whole[1:]}{'' if whole.endswith(('.', '!', '?')) else '.'}"


def estimate(figure: Mapping[str, float], form: str = ".2f") -> str:
    """Write a figure with its confidence interval, such as `2.05 (1.93 to 2.17)`."""
    return f"{figure['value']:{form}} ({figure['lower']:{form}} to {figure['upper']:{form}})"


def number(value: float | None, form: str = ",") -> str:
    """Write a number, or a dash where there is none."""
    return _NOTHING if value is None or math.isnan(value) else f"{value:{form}}"


def moment(text: str) -> str:
    """Write a time of ISO 8601, such as `1 October 2026, 12:00 UTC`."""
    when = datetime.fromisoformat(text).astimezone(UTC)
    return f"{when.day} {when:%B %Y, %H:%M} UTC"


def stretch(window: Mapping[str, Any]) -> str:
    """Write the stretch of time of a window, either end of which may be open."""
    ends = [f"{word} {moment(window[end])}" for word, end in (("from", "from"), ("to", "to")) if window[end]]
    return " ".join(ends) or "everything that was captured"
