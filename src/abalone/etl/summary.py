"""The end of the job, for a person: what came in, where it is, and how to go on from it."""

import shlex
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from abalone.datasets.table import GLUE
from abalone.etl.arguments import Options
from abalone.etl.configuration import Configuration
from abalone.etl.manifest import MANIFEST
from abalone.etl.reports import INGESTION_REPORT, QUARANTINE_REPORT
from abalone.summary import tell_rows

_NO_COMMAND = "no command, as no environment of conf/ reads this folder: one reads what its globals.yml names as data"


def show(
    report: Mapping[str, Any], configuration: Configuration, options: Options, console: Console | None = None
) -> None:
    """Print the summary of the job.

    Args:
        report: Of the ingestion.
        configuration: Of the job.
        options: Of the job.
        console: Where to print; standard output by default.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    console.print()
    for name, text in {
        "Rows": tell_rows(report),
        "Tables": escape(f"{configuration.data}/{MANIFEST}"),
        "Reports": escape(f"{configuration.data}/{INGESTION_REPORT}".rsplit("/", 1)[0]),
        "Quarantine": escape(f"{configuration.data}/{QUARANTINE_REPORT}"),
        "Go on with": escape(next_command(configuration, options) or _NO_COMMAND),
    }.items():
        console.print(f"[bold]{name:<11}[/]{text}")
    if (engine := configuration.ingestion["engine"]) != GLUE:
        console.print(
            f"{'':<11}The engine is {engine}, which does not see these tables: ABALONE_INGESTION_ENGINE=glue reads them"
        )


def next_command(configuration: Configuration, options: Options) -> str | None:
    """Return the command that trains and evaluates on the tables of the job; None if there is none."""
    variables = {}
    if options.data:
        bucket = configuration.data.removeprefix("s3://").removesuffix("/data")
        if options.environment == "base" and "://" not in configuration.data:
            variables["ABALONE_DATA"] = configuration.data
        elif options.environment != "base" and configuration.data == f"s3://{bucket}/data" and "/" not in bucket:
            variables["ABALONE_BUCKET"] = bucket
        else:
            return None
    if configuration.ingestion["engine"] != GLUE:
        variables["ABALONE_INGESTION_ENGINE"] = GLUE
    set_first = [f"{name}={shlex.quote(value)}" for name, value in variables.items()]
    return " ".join([*set_first, f".venv/bin/kedro run --env {options.environment} --pipelines training,evaluation"])
