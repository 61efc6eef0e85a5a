"""Folders that hold a model: on this machine, or on S3 (`s3.py`)."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from abalone.errors import AbaloneError
from abalone.model.artifact import ArtifactError

MAX_BYTES = 256 * 1024 * 1024
"""What is larger is not read; an artifact is a few MB, whatever the number of rows that it was trained on."""


class UnavailableError(AbaloneError):
    """There is no model, or it cannot be reached: that may change without the model changing."""


class Folder(Protocol):
    """A folder; `str()` of it is its address."""

    def files(self) -> dict[str, str]:
        """Return the files directly in it, by name, each with a stamp that changes when the file does.

        Hidden ones (`.name`) are left out: desktops and copying programs leave them behind. Without a folder there
        are no files.

        Raises:
            UnavailableError: The folder cannot be read.
        """

    def stamp(self, name: str) -> str | None:
        """Return the stamp of a file, None when there is no such file.

        Raises:
            UnavailableError: The file cannot be looked at.
        """

    def read(self, name: str) -> bytes:
        """Read a file.

        Raises:
            UnavailableError: The file cannot be read.
            ArtifactError: It is larger than `MAX_BYTES`.
        """

    def __truediv__(self, path: str) -> "Folder":
        """Return a folder below this one."""


@dataclass(frozen=True)
class LocalFolder:
    """A folder on this machine."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def __truediv__(self, path: str) -> "LocalFolder":
        return LocalFolder(self.path / path)

    def files(self) -> dict[str, str]:
        """See `Folder.files`."""
        with _readable(self.path):
            if not self.path.is_dir():
                return {}
            names = [path.name for path in self.path.iterdir() if not path.name.startswith(".")]
        return {name: stamp for name in names if (stamp := self.stamp(name)) is not None}

    def stamp(self, name: str) -> str | None:
        """See `Folder.stamp`."""
        with _readable(self.path / name):
            try:
                found = (self.path / name).stat()
            except (FileNotFoundError, NotADirectoryError):
                return None
        return f"{found.st_mtime_ns}-{found.st_size}-{found.st_ino}" if stat.S_ISREG(found.st_mode) else None

    def read(self, name: str) -> bytes:
        """See `Folder.read`."""
        path = self.path / name
        with _readable(path):
            size = path.stat().st_size
            check_size(str(path), size)
            with path.open("rb") as file:
                return file.read(MAX_BYTES)


def check_size(address: str, size: int) -> None:
    """Refuse a file that is larger than any artifact.

    Args:
        address: Of the file, for the message.
        size: In bytes.

    Raises:
        ArtifactError: It is larger than `MAX_BYTES`.
    """
    if size > MAX_BYTES:
        raise ArtifactError(
            f"{address} has {size:,} bytes, more than the {MAX_BYTES:,} that are read: put the artifact that training "
            "wrote in its place"
        )


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            f"{path} cannot be read ({error.strerror}): check that it is there and that the service may read it"
        ) from error
