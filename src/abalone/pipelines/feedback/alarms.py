"""Rows from a time of which monitoring has raised an alarm: a fault may have measured them."""

import pandas as pd

ALARM = "alarm"
_NEEDED = ["endpoint", "from", "to", "decision"]
_EVER, _FOREVER = "1970-01-01T00:00:00Z", "2200-01-01T00:00:00Z"


def raised_alarm(rows: pd.DataFrame, history: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which rows were asked for in a window that ended in an alarm.

    Args:
        rows: As in `captures.served_rows.COLUMNS`.
        history: A line a window: `from` and `to` in ISO 8601, `decision` and `endpoint`. A window without one of its
            ends is open there, one without an endpoint is of all of them. Empty before the first window.

    Returns:
        A value a row.
    """
    windows = history.reindex(columns=_NEEDED).astype(object).fillna("")
    found = pd.Series(data=False, index=rows.index)
    for alarm in windows[windows["decision"] == ALARM].to_dict("records"):
        begin, end = pd.Timestamp(alarm["from"] or _EVER), pd.Timestamp(alarm["to"] or _FOREVER)
        is_its = (rows["endpoint"] == alarm["endpoint"]) | (alarm["endpoint"] == "")
        found |= is_its & rows["time"].between(begin, end, inclusive="left")
    return found
