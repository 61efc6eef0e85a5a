"""The arguments of the job, and what is wrong with them."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from abalone.errors import AbaloneError

SPLIT_BYTES = 64 << 20
"""Larger batches are cut; a task needs about ten times as much memory."""


class Options(NamedTuple):
    """What the job is asked for.

    Attributes:
        environment: Folder of `conf` whose values hold.
        conf: Folder with the configuration.
        data: Data folder, or its URI; None for the one that the environment names.
        split_bytes: Larger batches are cut into ranges of about this size.
    """

    environment: str
    conf: Path
    data: str | None
    split_bytes: int


def read_arguments(arguments: Sequence[str]) -> Options:
    """Read the arguments of a person; unknown ones end the program with its usage.

    Args:
        arguments: As given to the program.

    Returns:
        The options.

    Raises:
        AbaloneError: An argument is missing or wrong.
    """
    return _options(_parser().parse_args(arguments))


def read_arguments_of_glue(arguments: Sequence[str]) -> Options:
    """Read the arguments of a job of Glue, which passes its own beside them: these are left alone.

    Args:
        arguments: As given to the job.

    Returns:
        The options.

    Raises:
        AbaloneError: An argument is missing or wrong.
    """
    try:
        known, _ = _parser(exit_on_error=False).parse_known_args(arguments)
    except argparse.ArgumentError as error:
        raise AbaloneError(f"the arguments of the job are wrong: {error}") from None
    return _options(known)


def _parser(*, exit_on_error: bool = True) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m abalone.etl",
        description="Turn the batches of the landing zone into tables, on Spark.",
        allow_abbrev=False,
        exit_on_error=exit_on_error,
    )
    parser.add_argument("--environment", default="", help="environment of conf/, such as base or dev (required)")
    parser.add_argument("--data", default=None, help="data folder, or s3://bucket/folder; default: the environment's")
    parser.add_argument("--conf", default="conf", help="folder with the configuration; default: %(default)s")
    parser.add_argument("--split-bytes", default=str(SPLIT_BYTES), help="larger batches are cut; default: %(default)s")
    return parser


def _options(given: argparse.Namespace) -> Options:
    conf = Path(given.conf)
    return Options(_environment(given.environment, conf), conf, _data(given.data), _split_bytes(given.split_bytes))


def _environment(name: str, conf: Path) -> str:
    if not conf.is_dir():
        raise AbaloneError(f"--conf is {str(conf)!r}, which is no folder: name the one with the configuration")
    known = ", ".join(sorted(folder.name for folder in conf.iterdir() if folder.is_dir()))
    if not name:
        raise AbaloneError(f"--environment is missing among the arguments of the job: choose one of {known}")
    if not (conf / name).is_dir():
        raise AbaloneError(f"{conf} has no environment {name!r}: choose one of {known}")
    return name


def _data(place: str | None) -> str | None:
    if place is None:
        return None
    bucket = place.removeprefix("s3://").split("/")[0] if "://" in place else place
    if not place or ("://" in place and not (place.startswith("s3://") and bucket)):
        raise AbaloneError(f"--data is {place!r}: give a folder of this machine, or s3://bucket/folder")
    return place


def _split_bytes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise AbaloneError(f"--split-bytes is {text!r}: give a number of bytes above 0, such as {SPLIT_BYTES}")
    return int(text)
