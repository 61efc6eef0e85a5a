"""`abalone models`: the versions of the model, and which of them serves."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from abalone.console.version_table import COLOURS, print_table
from abalone.promotion.version import ModelVersion

if TYPE_CHECKING:
    from abalone.promotion.environment import Environment


@click.command()
@click.option("-e", "--env", default="base", show_default=True, help="Environment, as the folders of conf/ are called.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1), help="So many of the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print all that is known of them as JSON.")
@click.option("--log", "with_log", is_flag=True, help="Print who promoted what, when and why, instead, a line each.")
def models(*, env: str, limit: int, as_json: bool, with_log: bool) -> None:
    """List the versions of the model.

    The newest come first, with RMSE in rings: by cross-validation at known sites (CV RMSE) and at a new site, and on
    the test table. With --env dev or prd they are those on S3, each with its package in the Model Registry, and with a
    mark where the hosts are told to serve it. Nothing is changed.
    """
    from abalone.console.faults import told_in_one_line  # noqa: PLC0415 - it takes Kedro, which takes a second
    from abalone.datasets.promotions import read_log  # noqa: PLC0415
    from abalone.promotion.environment import open_environment  # noqa: PLC0415
    from abalone.promotion.listing import list_versions  # noqa: PLC0415

    with told_in_one_line():
        environment = open_environment(env)
        if with_log:
            lines = read_log(environment.models.record)
            for text in [json.dumps(lines, indent=2)] if as_json else map(json.dumps, lines):
                click.echo(text)
            return
        versions = list_versions(environment, limit)
        if as_json:
            click.echo(json.dumps([dataclasses.asdict(version) for version in versions], indent=2))
            return
        _show(versions, environment)


def _show(versions: Sequence[ModelVersion], environment: "Environment") -> None:
    console = Console(highlight=False)
    if not versions:
        console.print(f"There is no model in {environment.models.root} yet: `make run` trains one", soft_wrap=True)
        return
    print_table(versions, console, with_registry=environment.registry is not None)
    for version in versions:
        if version.detail:
            console.print(Text(f"\n{version.version}: {version.detail}", COLOURS[version.status]), soft_wrap=True)
    for notice in _notices(environment, versions):
        console.print(Text(f"\n{notice}", "red"), soft_wrap=True)


def _notices(environment: "Environment", versions: Sequence[ModelVersion]) -> Iterator[str]:
    """What does not fit together."""
    from abalone.datasets.promotions import is_by_hand, is_logged  # noqa: PLC0415 - as above

    record = environment.models.champion().record
    if record and is_by_hand(record) and not is_logged(environment.models.record, record):
        line = record["promotion"]
        yield (
            f"The {line['action']} of {line['to']} was not finished: "
            f"abalone {line['action']} {line['to']} --env {environment.name} does what is left"
        )
    registry = environment.registry
    if registry and not any(version.on_hosts for version in versions) and (archive := registry.served()):
        yield f"The hosts are told to serve {archive}, which is none of these versions"
