"""What a definition would change in the account."""

import difflib
import json
from collections.abc import Mapping
from typing import Any

import click

from abalone.sagemaker.remote import account

COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def difference(sagemaker: Any, name: str, definition: Mapping[str, Any]) -> str:
    """Compare a definition with the one in the account.

    Args:
        sagemaker: A client of SageMaker.
        name: Of the pipeline.
        definition: As compiled.

    Returns:
        A coloured unified diff, or a line that says why there is none.
    """
    described = account.describe(sagemaker, name)
    if described is None:
        return f"The account has no pipeline {name} yet."
    now = json.loads(described["PipelineDefinition"])
    if now == definition:
        return f"No change: the account has {name} as it was compiled."
    lines = difflib.unified_diff(
        _lines(now), _lines(definition), fromfile=f"{name} in the account", tofile=f"{name} as compiled", lineterm=""
    )
    return "\n".join(_coloured(line) for line in lines)


def _lines(definition: Mapping[str, Any]) -> list[str]:
    return json.dumps(definition, indent=2, ensure_ascii=False).splitlines()


def _coloured(line: str) -> str:
    if line.startswith(("+++", "---")):
        return click.style(line, bold=True)
    return click.style(line, fg=COLOURS[line[0]]) if line[0] in COLOURS else line
