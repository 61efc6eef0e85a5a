"""The end of a run on what the service captured, for a person: the decision, or what landed, and where to look."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

WINDOW = ("monitoring_report",)
WINDOW_PLACES = ("monitoring_html", "past_window_html", "monitoring_history")
LANDED = ("feedback_report",)
LANDED_PLACES = ("feedback_batches",)
"""The datasets that a summary tells of, and those whose place it names."""

_COLOURS = {"ok": "green", "watch": "yellow", "retrain": "blue", "alarm": "red"}
_INDENT, _COLUMNS = 11, 90


def show_window(reports: Mapping[str, Any], places: Mapping[str, str], console: Console | None = None) -> None:
    """Print what monitoring found in a window.

    Args:
        reports: What `WINDOW` names, by name.
        places: Where the datasets that `WINDOW_PLACES` names are stored, by name.
        console: Where to print; standard output by default.
    """
    report = reports["monitoring_report"]
    window, counts, decision = report["window"], report["counts"], report["decision"]
    _print(
        {
            "Decision": f"[{_COLOURS[decision]}]{decision}[/]{_listed(report['reasons'])}",
            "Window": _stretch(window),
            "Rows": f"{window['rows']:,} predicted by model {escape(report['model']['version'] or 'without version')}",
            "Labelled": f"{counts['labelled_rows']:,} of {counts['labels']:,} counts of rings are of its predictions",
            "Report": escape(places["monitoring_html" if window["is_latest"] else "past_window_html"]),
            "History": escape(places["monitoring_history"]),
        },
        console,
    )


def show_landed(reports: Mapping[str, Any], places: Mapping[str, str], console: Console | None = None) -> None:
    """Print what became of the rows that were labelled in service.

    Args:
        reports: What `LANDED` names, by name.
        places: Where the datasets that `LANDED_PLACES` names are stored, by name.
        console: Where to print; standard output by default.
    """
    report, folder = reports["feedback_report"], places["feedback_batches"]
    _print(
        {
            "Labelled": f"{report['labelled_rows']:,} of {report['labels']:,} counts of rings belong to a prediction",
            "Landed": f"{report['landed_rows']:,}{_listed(f'{folder}/{name}.csv' for name in report['landed'])}",
            "Unchanged": f"{report['unchanged_rows']:,} that had landed before",
            "Held back": f"{report['held_back_rows']:,} of days in alarm{_listed(report['held_back'])}",
        },
        console,
    )


def _print(lines: Mapping[str, str], console: Console | None) -> None:
    console = console or Console(highlight=False, soft_wrap=True)
    console.print()
    for name, text in lines.items():
        console.print(f"[bold]{name:<{_INDENT}}[/]{text}")


def _listed(items: Iterable[str]) -> str:
    """Each on lines of its own, below what they belong to."""
    wrapper = textwrap.TextWrapper(
        _COLUMNS,
        initial_indent=f"{'':<{_INDENT}}- ",
        subsequent_indent=f"{'':<{_INDENT}}  ",
        # a path stays whole
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "".join(f"\n{escape(wrapper.fill(item))}" for item in items)


def _stretch(window: Mapping[str, Any]) -> str:
    begin, end = window["from"] or "the very first", window["to"] or "the very last"
    return f"{begin} to {end}{'' if window['is_latest'] else ', which is past'}"
