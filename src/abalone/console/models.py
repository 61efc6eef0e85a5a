"""`abalone models`: the versions of the model, and which of them serves."""

import dataclasses
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from abalone.promotion.version import ModelVersion, Status

if TYPE_CHECKING:
    from abalone.promotion.environment import Environment

COLOURS = {
    Status.CHAMPION: "bold green",
    Status.PREVIOUS: "green",
    Status.CANDIDATE: "cyan",
    Status.REJECTED: "yellow",
    Status.UNKNOWN: "",
    Status.DAMAGED: "red",
}

WIDTH = 180
"""Of the table at least, in characters: a version that is cut short could not be named in a command."""


@click.command()
@click.option("-e", "--env", default="base", show_default=True, help="Environment, as the folders of conf/ are called.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1), help="So many of the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print the versions as JSON.")
@click.option("--log", "with_log", is_flag=True, help="Print who promoted what, when and why, instead.")
def models(*, env: str, limit: int, as_json: bool, with_log: bool) -> None:
    """List the versions of the model, the newest first; nothing is changed.

    With --env dev or prd they are those on S3, each with its package in the Model Registry.
    """
    from abalone.console.faults import told_in_one_line  # noqa: PLC0415 - it takes Kedro, which takes a second
    from abalone.datasets.promotions import read_log  # noqa: PLC0415
    from abalone.promotion.environment import open_environment  # noqa: PLC0415
    from abalone.promotion.listing import list_versions  # noqa: PLC0415

    with told_in_one_line():
        environment = open_environment(env)
        if with_log:
            for line in read_log(environment.models.record):
                click.echo(json.dumps(line))
            return
        versions = list_versions(environment, limit)
        if as_json:
            click.echo(json.dumps([dataclasses.asdict(version) for version in versions], indent=2))
            return
        _show(versions, environment)


def _show(versions: Sequence[ModelVersion], environment: "Environment") -> None:
    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)
    if not versions:
        console.print(f"There is no model in {environment.models.root} yet: `make run` trains one", soft_wrap=True)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("version", "status", "created", "candidate", "trained on"):
        table.add_column(title, no_wrap=True)
    for title in ("CV RMSE", "new site", "test", "coverage"):
        table.add_column(title, justify="right", no_wrap=True)
    if environment.registry:
        table.add_column("package", no_wrap=True)
    for version in versions:
        table.add_row(*_row(version, with_package=environment.registry is not None))
    console.print(table)
    for version in versions:
        if version.status in {Status.DAMAGED, Status.REJECTED} and version.detail:
            console.print(Text(f"\n{version.version}: {version.detail}", COLOURS[version.status]), soft_wrap=True)
    for notice in _notices(environment):
        console.print(Text(f"\n{notice}", "red"), soft_wrap=True)


def _row(version: ModelVersion, *, with_package: bool) -> list[Text | str]:
    rows = f"{version.rows:,} rows, {(version.training_data or '')[:8]}" if version.rows else ""
    cells: list[Text | str] = [
        Text(version.version),
        Text(version.status, COLOURS[version.status]),
        (version.created or "")[:16].replace("T", " "),
        version.candidate or "",
        rows,
        *(_figure(value) for value in (version.random_rmse, version.new_site_rmse, version.test_rmse)),
        "" if version.coverage is None else f"{version.coverage:.1%}",
    ]
    if with_package:
        cells.append(f"{version.package.rsplit('/', 1)[-1]}, {version.approval}" if version.package else "none")
    return cells


def _figure(rings: float | None) -> str:
    return "" if rings is None else f"{rings:.3f}"


def _notices(environment: "Environment") -> list[str]:
    """What does not fit together."""
    from abalone.datasets.promotions import is_logged  # noqa: PLC0415 - as above

    record = environment.models.champion().record
    if not record or is_logged(environment.models.record, record):
        return []
    line = record["promotion"]
    if line["action"] == "gate":
        return []
    return [
        f"The {line['action']} of {line['to']} was not finished: "
        f"abalone {line['action']} {line['to']} --env {environment.name} does what is left"
    ]
