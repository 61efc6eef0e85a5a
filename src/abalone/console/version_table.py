"""The versions of the model as a table, as wide as the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from abalone.promotion.version import ModelVersion, Status

COLOURS = {
    Status.CHAMPION: "bold green",
    Status.PREVIOUS: "green",
    Status.CANDIDATE: "cyan",
    Status.REJECTED: "yellow",
    Status.UNKNOWN: "",
    Status.DAMAGED: "red",
}

COLUMNS = (
    "version", "status", "created", "candidate", "trained on", "CV RMSE", "new site", "test", "coverage",
    "package", "hosts",
)  # fmt: skip
OF_REGISTRY = {"package", "hosts"}
FIGURES = {"CV RMSE", "new site", "test", "coverage"}
DISPENSABLE = ("created", "candidate", "trained on", "new site", "coverage")
"""What a narrow terminal does without, in this order; a version that is cut short could not be named in a command."""

UNLIMITED = 1000
"""Width in characters of what is no terminal."""


def print_table(versions: Sequence[ModelVersion], console: Console, *, with_registry: bool) -> None:
    """Print the table of versions, with as many columns as the terminal has room for.

    Args:
        versions: One a row.
        console: Where it is printed; what is no terminal has room for all.
        with_registry: Whether the versions have packages and hosts.
    """
    room = console.width if console.is_terminal else UNLIMITED
    columns = [column for column in COLUMNS if with_registry or column not in OF_REGISTRY]
    for column in DISPENSABLE:
        if _width(_table(versions, columns), console) <= room:
            break
        columns.remove(column)
    table = _table(versions, columns)
    # what is still too wide is better broken by the terminal than cut short
    console.width = max(console.width, _width(table, console))
    console.print(table)


def _width(table: Table, console: Console) -> int:
    return Measurement.get(console, console.options.update(width=UNLIMITED), table).maximum


def _table(versions: Sequence[ModelVersion], columns: Sequence[str]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in FIGURES else "left", no_wrap=True)
    for version in versions:
        cells = _cells(version)
        table.add_row(*(cells[column] for column in columns))
    return table


def _cells(version: ModelVersion) -> dict[str, Text | str]:
    rows = f"{version.rows:,} rows, {(version.training_data or '')[:8]}" if version.rows else ""
    number, approval = (version.package or "").rsplit("/", 1)[-1], (version.approval or "")
    return {
        "version": version.version,
        "status": Text(version.status, COLOURS[version.status]),
        "created": (version.created or "")[:16].replace("T", " "),
        "candidate": version.candidate or "",
        "trained on": rows,
        "CV RMSE": _figure(version.random_rmse),
        "new site": _figure(version.new_site_rmse),
        "test": _figure(version.test_rmse),
        "coverage": "" if version.coverage is None else f"{version.coverage:.1%}",
        "package": f"{number}, {approval.removesuffix('ManualApproval').lower()}" if number else "none",
        "hosts": "serving" if version.on_hosts else "",
    }


def _figure(rings: float | None) -> str:
    return "" if rings is None else f"{rings:.3f}"
