"""The history of the windows: a line each."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

COLUMNS = (
    "endpoint", "from", "to", "model_version", "rows", "labelled_rows", "smallest_p_value", "detected", "rmse",
    "interval_coverage", "decision",
)  # fmt: skip
"""`endpoint` is "" for all of them; `smallest_p_value` is that of the tests of drift."""

_KEY = ["endpoint", "from", "to", "model_version"]


def add_to_history(history: pd.DataFrame, report: Mapping[str, Any]) -> pd.DataFrame:
    """Add a window to the history, or put it in the place of the same one.

    Args:
        history: Columns `COLUMNS`; or none at all, before the first one.
        report: A monitoring report.

    Returns:
        The history by the ends of its windows, oldest first.
    """
    line = pd.DataFrame([_line(report)], columns=list(COLUMNS)).astype(object)
    earlier = history.reindex(columns=list(COLUMNS)).astype(object)
    both = pd.concat([earlier, line], ignore_index=True) if len(earlier) else line
    both[_KEY] = both[_KEY].fillna("").astype(str)
    kept = both.drop_duplicates(_KEY, keep="last")
    return kept.sort_values(["to", "from", "model_version"], kind="stable", ignore_index=True)


def _line(report: Mapping[str, Any]) -> dict[str, Any]:
    performance = report["performance"]
    return {
        "endpoint": report["endpoint"],
        **{name: report["window"][name] for name in ("from", "to", "rows")},
        "model_version": report["model"]["version"],
        "labelled_rows": report["counts"]["labelled_rows"],
        "smallest_p_value": _smallest_p_value(report["drift"]["tests"]),
        "detected": report["drift"]["detected"],
        "rmse": performance["rmse"]["value"] if performance else None,
        "interval_coverage": performance["coverage"]["value"] if performance else None,
        "decision": report["decision"],
    }


def _smallest_p_value(tests: list[Mapping[str, Any]]) -> float | None:
    return min((test["p_value"] for test in tests if test["p_value"] is not None), default=None)
