"""Files that may hold a monitoring report: on this machine, or on S3."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from abalone.serving.aws import S3_SCHEME, aws_client, aws_faults, split_s3_address
from abalone.serving.settings import MIB

NAME = "monitoring.html"
"""What the monitoring pipeline calls it."""

MAX_BYTES = 8 * MIB
"""What is larger is no report, which has less than 1 MiB."""


@dataclass(frozen=True)
class Report:
    """A report.

    Attributes:
        content: HTML.
        modified: When it was written.
        stamp: Changes when the file does.
    """

    content: bytes
    modified: datetime
    stamp: str


class UnreadableReportError(Exception):
    """There is a file, and it cannot be read."""


class ReportFile(Protocol):
    """A file that may hold a report; `str()` of it is its address."""

    def read(self, known: Report | None) -> Report | None:
        """Read the report.

        Args:
            known: What was read before, which is returned as it is when the file has not changed.

        Returns:
            The report; None when there is no file, or none that the service may read.

        Raises:
            UnreadableReportError: It is too large, or cannot be read.
        """


def report_file(location: str) -> ReportFile:
    """Return the file at a location.

    Args:
        location: A file whose name ends in `.html`, or the folder of a `monitoring.html`, on disk or as `s3://…`.

    Raises:
        AbaloneError: An address on S3 without a bucket, or a broken configuration of AWS.
    """
    address = location if location.endswith(".html") else f"{location.rstrip('/')}/{NAME}"
    if address.startswith(S3_SCHEME):
        return S3ReportFile(aws_client("s3"), *split_s3_address(address))
    return LocalReportFile(Path(address))


@dataclass(frozen=True)
class LocalReportFile:
    """A file on this machine."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def read(self, known: Report | None) -> Report | None:
        """See `ReportFile.read`."""
        try:
            with self.path.open("rb") as file:
                found = os.fstat(file.fileno())
                stamp = f"{found.st_mtime_ns}-{found.st_size}-{found.st_ino}"
                if known is not None and known.stamp == stamp:
                    return known
                _check_size(found.st_size)
                return Report(file.read(MAX_BYTES), datetime.fromtimestamp(found.st_mtime, UTC), stamp)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            return None
        except OSError as error:
            raise UnreadableReportError(f"reading {self} failed ({error.strerror})") from error


@dataclass(frozen=True)
class S3ReportFile:
    """An object on S3."""

    client: Any
    bucket: str
    key: str

    def __str__(self) -> str:
        return f"{S3_SCHEME}{self.bucket}/{self.key}"

    def read(self, known: Report | None) -> Report | None:
        """See `ReportFile.read`."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        condition = {} if known is None else {"IfNoneMatch": known.stamp}
        with aws_faults(UnreadableReportError, f"reading {self}"):
            try:
                answer = self.client.get_object(Bucket=self.bucket, Key=self.key, **condition)
                _check_size(answer["ContentLength"])
                return Report(answer["Body"].read(), answer["LastModified"].astimezone(UTC), answer["ETag"])
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if status == HTTPStatus.NOT_MODIFIED:
                    return known
                # Who may not list the bucket is not told that there is no such object.
                if status in (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN):
                    return None
                raise


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise UnreadableReportError(f"it has {size:,} bytes, more than a report has: write the report anew")
