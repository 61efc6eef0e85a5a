"""The champion's record: read, and replaced by whoever has read it and nobody else."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import fsspec

from abalone.errors import AbaloneError


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
    fs, path = filesystem(filepath, credentials)
    # before the content: what is written in between is seen when the record is replaced
    tag = _tag(fs, path)
    if not tag:
        return Seen(None, "")
    try:
        record: dict[str, Any] = json.loads(fs.cat_file(path))
        version = record["version"]
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
    fs, path = filesystem(filepath, credentials)
    content = (json.dumps(record, indent=2) + "\n").encode()
    if "file" in fs.protocol:
        fs.makedirs(fs._parent(path), exist_ok=True)
        with _locked(fs._parent(path)):
            if _tag(fs, path) != seen.tag:
                raise _changed(filepath)
            fs.pipe_file(path, content)
        return
    condition = {"IfMatch": seen.tag} if seen.tag else {"IfNoneMatch": "*"}
    try:
        fs.pipe_file(path, content, **condition)
    except OSError as error:
        if _tag(*filesystem(filepath, credentials)) == seen.tag:
            raise
        raise _changed(filepath) from error


def filesystem(filepath: str, credentials: dict[str, Any] | None) -> tuple[Any, str]:
    """Open the filesystem of a path, which has forgotten what it knew.

    Args:
        filepath: A local path or a URI.
        credentials: Arguments of the fsspec filesystem.

    Returns:
        The filesystem, and the path in it.
    """
    fs, path = fsspec.core.url_to_fs(filepath, **(credentials or {}))
    fs.invalidate_cache()
    return fs, path


def _tag(fs: Any, path: str) -> str:
    """What changes with the content of a file; "" when there is none."""
    try:
        if "file" in fs.protocol:
            return hashlib.sha256(fs.cat_file(path)).hexdigest()
        return str(fs.info(path)["ETag"])
    except FileNotFoundError:
        return ""


@contextmanager
def _locked(folder: str) -> Iterator[None]:
    """Keep others out of the folder; a process that dies lets go."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _changed(filepath: str) -> ChampionChangedError:
    return ChampionChangedError(f"{filepath} was written by somebody else in the meantime: look at it, and run again")


def _damaged(filepath: str, what: str) -> AbaloneError:
    return AbaloneError(
        f"{filepath} does not name a champion ({what}): write the version of one of the models beside it, "
        'as {"version": "..."}, or delete it to go on without a champion'
    )
