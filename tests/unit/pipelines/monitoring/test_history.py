"""A line a window."""

import io
from typing import Any

import pandas as pd

from abalone.pipelines.monitoring.history import COLUMNS, add_to_history

FIRST = {"from": "2026-09-14T15:00:00Z", "to": "2026-09-21T15:00:00Z"}
SECOND = {"from": "2026-09-21T15:00:00Z", "to": "2026-09-28T15:00:00Z"}


def report(
    window: dict[str, str | None],
    decision: str = "ok",
    version: str = "1",
    rmse: float = 2.5,
    endpoint: str | None = None,
) -> dict[str, Any]:
    return {
        "endpoint": endpoint,
        "window": {**window, "rows": 500},
        "model": {"version": version},
        "counts": {"labelled_rows": 100},
        "drift": {
            "detected": False,
            "tests": [{"p_value": 0.2}, {"p_value": None}, {"p_value": 0.1}],
        },
        "performance": {"rmse": {"value": rmse}, "coverage": {"value": 0.9}},
        "decision": decision,
    }


def recorded(*reports: dict[str, Any]) -> pd.DataFrame:
    """The history of these, read from the file after each, as runs do."""
    history = pd.DataFrame()
    for each in reports:
        history = pd.read_csv(io.StringIO(add_to_history(history, each).to_csv(index=False)))
    return history


def test_first_window_begins_the_history() -> None:
    history = recorded(report(FIRST))

    assert tuple(history.columns) == COLUMNS
    assert history["endpoint"].isna().all()
    (line,) = history.drop(columns="endpoint").to_dict(orient="records")
    assert line == {
        **FIRST, "model_version": 1, "rows": 500, "labelled_rows": 100, "smallest_p_value": 0.1, "detected": False,
        "rmse": 2.5, "interval_coverage": 0.9, "decision": "ok",
    }  # fmt: skip


def test_same_window_again_replaces_its_line() -> None:
    history = recorded(report(FIRST), report(SECOND), report(FIRST, "retrain", rmse=2.9))

    assert history["decision"].tolist() == ["retrain", "ok"]
    assert history["rmse"].tolist() == [2.9, 2.5]


def test_windows_are_in_the_order_of_their_ends_and_each_model_has_its_own() -> None:
    history = recorded(report(SECOND, version="b"), report(FIRST, version="a"), report(SECOND, version="a"))

    assert history["to"].tolist() == [FIRST["to"], SECOND["to"], SECOND["to"]]
    assert history["model_version"].tolist() == ["a", "a", "b"]


def test_each_endpoint_has_its_own_windows_and_those_of_before_there_were_any_are_of_all() -> None:
    older = recorded(report(FIRST)).drop(columns="endpoint")

    history = add_to_history(add_to_history(older, report(FIRST, "watch")), report(FIRST, "alarm", endpoint="abalone"))

    assert history[["endpoint", "decision"]].to_numpy().tolist() == [["", "watch"], ["abalone", "alarm"]]


def test_window_of_everything_replaces_itself_too() -> None:
    everything = {"from": None, "to": "2026-09-21T15:00:00Z"}

    assert len(recorded(report(everything), report(everything))) == 1


def test_window_without_labels_and_tests_leaves_its_figures_empty() -> None:
    unknown = report(FIRST) | {"performance": None, "drift": {"detected": False, "tests": []}}

    history = recorded(unknown, report(SECOND))

    assert history.loc[0, ["rmse", "interval_coverage", "smallest_p_value"]].isna().all()
