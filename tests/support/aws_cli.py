"""A stand-in for the AWS command line, which asks AWS, or a server in its place, as that one does.

Usage: aws_cli.py SERVICE OPERATION [--name [value]]... [--query EXPRESSION --output text]. Values are strings; an
option without one is a flag. Without a query, nothing is printed.
"""

# ruff: noqa: T201 - programs print

import shlex
import sys
from pathlib import Path
from typing import Any

import boto3
import jmespath
from botocore.exceptions import BotoCoreError, ClientError


def install(folder: Path) -> None:
    """Put the program into a folder that is before the others in PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    executable = folder / "aws"
    executable.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, __file__])} "$@"\n')
    executable.chmod(0o755)


def main(service: str, operation: str, *options: str) -> None:
    values = parsed(options)
    query, _ = jmespath.compile(values.pop("query", "`[]`")), values.pop("output", "text")
    arguments = {name.title().replace("-", ""): value for name, value in values.items()}
    method = operation.replace("-", "_")
    try:
        client = boto3.client(service)
        if client.can_paginate(method):
            answer = client.get_paginator(method).paginate(**arguments).build_full_result()
        else:
            answer = getattr(client, method)(**arguments)
    except (BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        sys.exit(254)
    for row in query.search(answer):
        print(*row, sep="\t")


def parsed(options: tuple[str, ...]) -> dict[str, Any]:
    """The values by their options' names; True for a flag."""
    values: dict[str, Any] = {}
    for option, following in zip(options, (*options[1:], "--"), strict=True):
        if option.startswith("--"):
            values[option.removeprefix("--")] = True if following.startswith("--") else following
    return values


if __name__ == "__main__":
    main(*sys.argv[1:])
