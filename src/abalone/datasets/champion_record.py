"""The champion's record: read, and replaced by whoever has read it and nobody else."""

import json
from typing import Any, NamedTuple

from abalone.datasets.replacement import FileChangedError, file_tag, filesystem, replace_file
from abalone.errors import AbaloneError

LINE = ("at", "by", "action", "from", "to", "reason")
"""Members of a line of the log of promotions, which the record carries; see `promotion`."""


class ChampionChangedError(AbaloneError):
    """Another model has become the champion since the record was read."""


class Seen(NamedTuple):
    """The champion's record as it was read.

    Attributes:
        record: `version`, `digest`, `previous` and `promotion`; None without a record.
        tag: What tells whether somebody has replaced it; "" without a record.
    """

    record: dict[str, Any] | None
    tag: str

    @property
    def version(self) -> str | None:
        """Version of the champion."""
        return self.record["version"] if self.record else None


def look(filepath: str, credentials: dict[str, Any] | None = None) -> Seen:
    """Read the champion's record.

    Args:
        filepath: Of the record, JSON; a local path or an S3 URI.
        credentials: Arguments of the fsspec filesystem.

    Raises:
        AbaloneError: The record does not name a version.
    """
    tag = file_tag(filepath, credentials)
    if not tag:
        return Seen(None, "")
    fs, path = filesystem(filepath, credentials)
    try:
        record: dict[str, Any] = json.loads(fs.cat_file(path))
        version = record["version"]
        if line := record.get("promotion"):
            require(record, ("digest", "previous"))
            require(line, LINE)
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(filepath, repr(error)) from error
    if not isinstance(version, str | None):
        raise _damaged(filepath, f"version = {version!r}")
    return Seen(record, tag)


def replace(filepath: str, record: dict[str, Any], seen: Seen, credentials: dict[str, Any] | None = None) -> None:
    """Replace the champion's record, if it still is what was read.

    Args:
        filepath: Of the record; a local path or an S3 URI.
        record: The new one.
        seen: The one that was read.
        credentials: Arguments of the fsspec filesystem.

    Raises:
        ChampionChangedError: Another record has been written since.
    """
    content = (json.dumps(record, indent=2) + "\n").encode()
    try:
        replace_file(filepath, content, seen.tag, credentials)
    except FileChangedError as error:
        raise ChampionChangedError(str(error)) from error


def require(value: dict[str, Any], names: tuple[str, ...]) -> None:
    """Check that what was read from JSON is an object with these members.

    Raises:
        TypeError: It is no object.
        KeyError: It lacks one.
    """
    for name in names:
        value[name]


def _damaged(filepath: str, what: str) -> AbaloneError:
    return AbaloneError(
        f"{filepath} does not name a champion ({what}): write the version of one of the models beside it, "
        'as {"version": "..."}, or delete it to go on without a champion'
    )
