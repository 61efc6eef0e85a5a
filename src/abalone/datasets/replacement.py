"""A small file that is replaced by whoever has read it and nobody else, on this machine or on S3."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import fsspec

from abalone.errors import AbaloneError


class FileChangedError(AbaloneError):
    """Somebody else has written the file since it was looked at."""


def file_tag(filepath: str, credentials: dict[str, Any] | None = None) -> str:
    """Tell the state of a file by what changes with its content.

    Read it before the content: what is written in between is then noticed when the file is replaced.

    Args:
        filepath: A local path or an S3 URI.
        credentials: Arguments of the fsspec filesystem.

    Returns:
        A digest or an entity tag; "" when there is no file.
    """
    return _tag(*filesystem(filepath, credentials))


def replace_file(filepath: str, content: bytes, tag: str, credentials: dict[str, Any] | None = None) -> None:
    """Replace a file, if it still is in the state that was looked at.

    Args:
        filepath: A local path or an S3 URI.
        content: The new one.
        tag: Of the state; see `file_tag`.
        credentials: Arguments of the fsspec filesystem.

    Raises:
        FileChangedError: Somebody else has written it since.
    """
    fs, path = filesystem(filepath, credentials)
    if "file" in fs.protocol:
        fs.makedirs(fs._parent(path), exist_ok=True)
        with _locked(fs._parent(path)):
            if _tag(fs, path) != tag:
                raise _changed(filepath)
            fs.pipe_file(path, content)
        return
    condition = {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}
    try:
        fs.pipe_file(path, content, **condition)
    except OSError as error:
        now = file_tag(filepath, credentials)
        if now == tag:
            raise
        # an answer that was lost made the client ask again, and be refused because of its own write
        if not now or fs.cat_file(path) != content:
            raise _changed(filepath) from error


def filesystem(filepath: str, credentials: dict[str, Any] | None = None) -> tuple[Any, str]:
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


def _changed(filepath: str) -> FileChangedError:
    return FileChangedError(f"{filepath} was written by somebody else in the meantime: look at it, and run again")
