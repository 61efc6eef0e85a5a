"""Where captured lines go: files in a folder, or objects on S3."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from abalone.serving.aws import aws_client, aws_faults


class SinkError(Exception):
    """S3 did not take a file."""


class CaptureFile(Protocol):
    """A file that grows by whole lines."""

    size: int
    """In bytes."""

    def append(self, lines: Sequence[bytes]) -> int:
        """Add lines, all of them or, when this fails, none.

        Returns:
            How many lines are kept now whatever happens to this process.

        Raises:
            OSError: The lines could not be written.
        """

    def close(self) -> int:
        """Complete the file. When this fails it may be tried again.

        Returns:
            How many more lines are kept now.

        Raises:
            OSError: The file could not be closed.
            SinkError: The file could not be delivered.
        """


class Sink(Protocol):
    """A place for files; `str()` of it is its address."""

    def open(self, path: str) -> CaptureFile:
        """Begin a file.

        Args:
            path: Below the sink's address.

        Raises:
            OSError: The file could not be made.
        """


@dataclass(frozen=True)
class LocalSink:
    """A folder, made when it is needed."""

    folder: Path

    def __str__(self) -> str:
        return str(self.folder)

    def open(self, path: str) -> "LocalFile":
        """See `Sink.open`."""
        return LocalFile(self.folder / path)


class LocalFile:
    """A file on this machine; its lines outlive the process once they are appended."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("ab", buffering=0)
        self.size = 0

    def append(self, lines: Sequence[bytes]) -> int:
        """See `CaptureFile.append`."""
        if not os.fstat(self._file.fileno()).st_nlink:  # somebody has removed it
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file, self.size = self._path.open("ab", buffering=0), 0
        content = memoryview(b"".join(lines))
        rest = content
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(self.size)  # a full disk takes the first part of a line
            raise
        self.size += len(content)
        return len(lines)

    def close(self) -> int:
        """See `CaptureFile.close`."""
        self._file.close()
        if not self.size:
            self._path.unlink(missing_ok=True)
        return 0


class S3Sink:
    """A prefix on S3.

    Args:
        bucket: The bucket.
        prefix: Of the keys in it, "" for none.

    Raises:
        AbaloneError: The configuration of AWS on this machine is broken.
    """

    def __init__(self, bucket: str, prefix: str) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._client = aws_client("s3")

    def __str__(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def open(self, path: str) -> "S3Object":
        """See `Sink.open`."""
        return S3Object(self._client, self._bucket, self._prefix + path)


@dataclass
class S3Object:
    """An object on S3, kept in memory until it is complete."""

    client: Any
    bucket: str
    key: str
    size: int = 0
    lines: list[bytes] = field(default_factory=list)

    def append(self, lines: Sequence[bytes]) -> int:
        """See `CaptureFile.append`."""
        self.lines.extend(lines)
        self.size += sum(map(len, lines))
        return 0

    def close(self) -> int:
        """See `CaptureFile.close`."""
        with aws_faults(SinkError, f"writing s3://{self.bucket}/{self.key}"):
            self.client.put_object(Bucket=self.bucket, Key=self.key, Body=b"".join(self.lines))
        return len(self.lines)
