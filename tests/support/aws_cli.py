"""A stand-in for the AWS command line, which asks AWS, or a server in its place, as that one does.

Usage: aws_cli.py SERVICE OPERATION [--name value]... --query EXPRESSION --output text. Values are strings.
"""

# ruff: noqa: T201 - programs print

import shlex
import sys
from pathlib import Path

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
    values = {name.removeprefix("--"): value for name, value in zip(options[::2], options[1::2], strict=True)}
    query, _ = jmespath.compile(values.pop("query")), values.pop("output")
    try:
        client = boto3.client(service)
        arguments = {name.title().replace("-", ""): value for name, value in values.items()}
        answer = client.get_paginator(operation.replace("-", "_")).paginate(**arguments).build_full_result()
    except (BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        sys.exit(254)
    for row in query.search(answer):
        print(*row, sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
