"""A local filesystem on which a file appears whole or not at all, as an object on S3 does.

Registered for fsspec's `file` protocol, it makes every local dataset of the catalog safe against a run that is
killed: a file is written beside its destination, flushed to the disk, and then renamed over it.
"""

import io
import os
import uuid
from pathlib import Path
from types import TracebackType
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileOpener, LocalFileSystem


class _WholeFile(LocalFileOpener):
    """A file for writing that replaces its destination when it is closed, and vanishes when it is discarded."""

    def __init__(self, path: str, mode: str, **kwargs: Any) -> None:
        self._destination = path
        super().__init__(f"{path}.{uuid.uuid4().hex}.partial", mode, **kwargs)

    def close(self) -> None:
        if self.f.closed:
            return
        self.f.flush()
        os.fsync(self.f.fileno())
        self.f.close()
        Path(self.path).replace(self._destination)

    def discard(self) -> None:
        if not self.f.closed:
            self.f.close()
            Path(self.path).unlink()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()


class _WholeText(io.TextIOWrapper):
    """The same for text: an error inside the `with` block discards what was written."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.buffer.discard()  # type: ignore[attr-defined]
        self.close()


class AtomicLocalFileSystem(LocalFileSystem):
    """fsspec's local filesystem, with whole-file writes."""

    def open(self, path: str, mode: str = "rb", **kwargs: Any) -> Any:
        """Open a file as fsspec does; one opened for writing appears only when it is closed without an error."""
        if "w" not in mode or "b" in mode:
            return super().open(path, mode, **kwargs)
        text = {key: kwargs.pop(key) for key in ("encoding", "errors", "newline") if key in kwargs}
        return _WholeText(super().open(path, "wb", **kwargs), **text)

    def _open(self, path: str, mode: str = "rb", **kwargs: Any) -> LocalFileOpener:
        if "w" not in mode or not kwargs.get("autocommit", True):
            return super()._open(path, mode, **kwargs)
        path = self._strip_protocol(path)
        if self.auto_mkdir:
            self.makedirs(self._parent(path), exist_ok=True)
        kwargs.pop("block_size", None)
        return _WholeFile(path, mode, fs=self, **kwargs)


def register() -> None:
    """Make this the filesystem of fsspec's `file` protocol, for the whole process."""
    fsspec.register_implementation("file", AtomicLocalFileSystem, clobber=True)
    fsspec.register_implementation("local", AtomicLocalFileSystem, clobber=True)
