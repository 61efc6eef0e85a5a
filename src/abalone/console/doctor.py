"""`abalone doctor`: whether an account has what a delivery needs, and how to mend what it lacks."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from abalone.doctor.examination import examine
from abalone.doctor.finding import Finding, Status
from abalone.errors import AbaloneError

COLOURS = {Status.OK: "green", Status.WARNING: "yellow", Status.MISSING: "red"}


@click.command()
@click.option("-e", "--env", default="dev", show_default=True, help="Environment, as the folders of conf/ are called.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def doctor(ctx: click.Context, *, env: str, as_json: bool) -> None:
    """Look through the account in use, and say what is missing and how to mend it; nothing is changed.

    The exit code is 0 when nothing is missing, 1 otherwise; a warning is no fault.
    """
    try:
        findings = examine(env, Path("conf"))
    except AbaloneError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
    else:
        _show(findings)
    ctx.exit(int(any(finding.status is Status.MISSING for finding in findings)))


def _show(findings: Sequence[Finding]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("", "what", "found"):
        table.add_column(title, overflow="fold")
    for finding in findings:
        table.add_row(Text(finding.status, COLOURS[finding.status]), Text(finding.subject), Text(finding.found))
    console = Console(highlight=False)
    console.print(table)
    counts = {status: sum(finding.status is status for finding in findings) for status in Status}
    console.print(", ".join(f"{number} {status}" for status, number in counts.items()))
    # below the table and not folded, so that a command can be copied
    for finding in findings:
        if finding.remedy:
            console.print(Text(f"\n{finding.subject}: {finding.found}", COLOURS[finding.status]), soft_wrap=True)
            console.print(Text(f"  {finding.remedy}"), soft_wrap=True)
