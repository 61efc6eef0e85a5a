"""Which file a line goes to: a new one each hour, and when the one before it is old or large."""

import time
import uuid
from collections.abc import Sequence

from abalone.serving.capture.sinks import CaptureFile, Sink

_HOUR_SECONDS = 3600


def hour_of(seconds: float) -> int:
    """Return the hour of a time, both counted from the epoch.

    Args:
        seconds: The time.
    """
    return int(seconds // _HOUR_SECONDS)


def file_path(seconds: float) -> str:
    """Return a new path for what begins at a time, as SageMaker names its captures.

    Args:
        seconds: The time, in seconds of the epoch.
    """
    moment = time.strftime("%Y/%m/%d/%H/%M-%S", time.gmtime(seconds))
    return f"{moment}-{int(seconds % 1 * 1000):03}-{uuid.uuid4()}.jsonl"


class RotatingFile:
    """The file that is open now, if one is.

    Args:
        sink: Where files are.
        folder: Of the files, below the sink's address.
        max_seconds: Age at which a file is closed.
        max_bytes: Size at which a file is closed.

    Attributes:
        written: Lines that are kept whatever happens to this process.
    """

    def __init__(self, sink: Sink, folder: str, max_seconds: float, max_bytes: int) -> None:
        self._sink = sink
        self._folder = folder
        self._max_seconds = max_seconds
        self._max_bytes = max_bytes
        self._file: CaptureFile | None = None
        self._hour = 0
        self._opened = 0.0
        self.written = 0

    def rotate(self, hour: int | None = None) -> None:
        """Close the file when it is complete.

        Args:
            hour: Hour of the lines to come; None when none are known.

        Raises:
            OSError: The file could not be closed. It is tried again the next time.
            SinkError: The same, on S3.
        """
        if self._file is None:
            return
        is_old = time.monotonic() - self._opened >= self._max_seconds
        is_past = hour is not None and hour != self._hour
        if is_old or is_past or self._file.size >= self._max_bytes:
            self.close()

    def append(self, seconds: float, lines: Sequence[bytes]) -> None:
        """Add lines to the file, or to a new one.

        Args:
            seconds: Time of the first of them, in seconds of the epoch.
            lines: Lines of one hour.

        Raises:
            OSError: The lines were not written, and the next ones go to another file.
        """
        if self._file is None:
            self._file = self._sink.open(f"{self._folder}/{file_path(seconds)}")
            self._hour, self._opened = hour_of(seconds), time.monotonic()
        try:
            self.written += self._file.append(lines)
        except OSError:
            broken, self._file = self._file, None
            broken.close()
            raise

    def close(self) -> None:
        """Close the file, if one is open.

        Raises:
            OSError: The file could not be closed. It is tried again the next time.
            SinkError: The same, on S3.
        """
        if self._file is not None:
            self.written += self._file.close()
            self._file = None
