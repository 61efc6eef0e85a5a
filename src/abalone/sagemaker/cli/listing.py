"""What a definition holds, as a table."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from abalone.sagemaker.steps import all_steps


def step_table(definition: Mapping[str, Any]) -> Table:
    """List the steps of a definition, with what the jobs among them run on.

    Args:
        definition: A compiled pipeline.
    """
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("step", "kind", "runs on"):
        table.add_column(title, no_wrap=True)
    for step in all_steps(definition):
        table.add_row(step["Name"], step["Type"], _machines(step["Arguments"]))
    return table


def _machines(arguments: Mapping[str, Any]) -> str:
    cluster = arguments.get("ResourceConfig") or arguments.get("ProcessingResources", {}).get("ClusterConfig")
    if not cluster:
        return ""
    count = cluster["InstanceCount"]
    machines = cluster["InstanceType"] if count == 1 else f"{count} x {cluster['InstanceType']}"
    return f"{machines}, spot" if arguments.get("EnableManagedSpotTraining") else machines
