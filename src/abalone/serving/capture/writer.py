"""Takes events without delay, and writes them in a thread of its own."""

import logging
import threading
import time
import zlib
from collections import deque
from typing import Generic, Protocol, TypeVar

from abalone.serving.capture.rotation import RotatingFile, hour_of

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2
"""How often waiting events are written; what is killed loses no more than this."""

_SLICE_EVENTS, _SLICE_BYTES, _YIELD_SECONDS = 32, 256 * 1024, 0.0005
"""So much is encoded at a time, a tenth of a millisecond's work, before the threads that answer have their turn."""

_MIN_PAUSE_SECONDS, _MAX_PAUSE_SECONDS = 1.0, 60.0


class Event(Protocol):
    """What can be captured."""

    @property
    def inference_id(self) -> str:
        """Names the answer that it is about."""

    @property
    def time(self) -> float:
        """When it happened, in seconds of the epoch."""

    @property
    def size(self) -> int:
        """About as many bytes as it takes."""

    def to_line(self) -> bytes:
        """Return the line that is written of it, with its end."""


E = TypeVar("E", bound=Event)


def is_sampled(inference_id: str, share: float) -> bool:
    """Tell whether what is about an answer is captured: for one id always the same, in every process.

    Args:
        inference_id: Names the answer.
        share: Of the answers, from 0 to 1.
    """
    return zlib.crc32(inference_id.encode("utf-8", "surrogatepass")) < share * 2**32


class CaptureWriter(Generic[E]):
    """Writes events to a file that rotates.

    In memory are `pending_bytes` of events and, on S3, the lines of one file. What comes beyond that is dropped and
    counted, as is what a full disk does not take. A file that S3 does not take is tried again until `close`.

    Args:
        file: Where the lines go.
        name: Where that is, for the log.
        pending_bytes: How much may wait to be written.
        share: How much of what is offered is captured, by `is_sampled`.
    """

    def __init__(self, file: RotatingFile, name: str, pending_bytes: int, share: float = 1.0) -> None:
        self._file = file
        self._name = name
        self._pending_bytes = pending_bytes
        self._share = share
        self._queue: deque[E] = deque()
        # Held by those who offer for no longer than it takes to count. The thread that writes never holds it, so
        # that what answers never waits for a disk; each of the counters below is changed by one side alone.
        self._offering = threading.Lock()
        self._offered_bytes = self._accepted = self._refused = 0
        self._taken_bytes = self._lost = 0
        self._is_open = True
        self._is_stopped = threading.Event()
        self._is_closed = False
        self._pause_seconds = self._resumes_at = 0.0
        self._thread = threading.Thread(target=self._run, name=f"capture {name}", daemon=True)
        self._thread.start()

    @property
    def written(self) -> int:
        """How many events were written."""
        return self._file.written

    @property
    def dropped(self) -> int:
        """How many events were to be captured, and are not."""
        lost = self._accepted - self._file.written if self._is_closed else self._lost
        return self._refused + lost

    def offer(self, event: E) -> bool:
        """Take an event to be written. Takes under a microsecond, never waits and never raises.

        Args:
            event: The event.

        Returns:
            Whether it was taken, or is none of the sample; else it is dropped.
        """
        if self._share < 1 and not is_sampled(event.inference_id, self._share):
            return True
        size = event.size
        with self._offering:
            waits = self._offered_bytes - self._taken_bytes
            if waits + size > self._pending_bytes or not self._is_open:
                self._refused += 1
                return False
            self._offered_bytes += size
            self._accepted += 1
            self._queue.append(event)
            return True

    def stop(self) -> None:
        """Take no more events, and begin to write those that wait."""
        with self._offering:
            self._is_open = False
        self._is_stopped.set()

    def close(self, timeout_seconds: float) -> None:
        """Write what waits, and close the file. What cannot be written in time is dropped.

        Args:
            timeout_seconds: How long this may take.
        """
        self.stop()
        self._thread.join(timeout_seconds)
        self._is_closed = True
        if self.dropped:
            logger.warning("of the captures in %s %s were written, %s dropped", self._name, self.written, self.dropped)

    def _run(self) -> None:
        while not self._is_stopped.wait(POLL_SECONDS):
            if time.monotonic() >= self._resumes_at:
                self._attempt(last=False)
        self._attempt(last=True)

    def _attempt(self, last: bool) -> None:
        """Write what waits. Whatever goes wrong, the thread lives on."""
        written = self._file.written
        try:
            self._write_queue()
            if last:
                self._file.close()
            else:
                self._file.rotate()
        except Exception as error:  # of a disk, a network, or what is on their way
            if not self._pause_seconds:
                logger.warning("captures cannot be written to %s, trying again: %s", self._name, error)
            self._pause_seconds = min(max(2 * self._pause_seconds, _MIN_PAUSE_SECONDS), _MAX_PAUSE_SECONDS)
            self._resumes_at = time.monotonic() + self._pause_seconds
        else:
            if self._pause_seconds and self._file.written > written:
                logger.info("captures are written to %s again, %s were dropped", self._name, self.dropped)
                self._pause_seconds = 0.0

    def _write_queue(self) -> None:
        while self._queue:
            begin = self._queue[0].time
            self._file.rotate(hour_of(begin))  # before anything is taken, as it may fail
            lines = self._take(hour_of(begin))
            try:
                if lines:
                    self._file.append(begin, lines)
            except Exception:
                self._lost += len(lines)
                raise
            if not self._is_stopped.is_set():
                time.sleep(_YIELD_SECONDS)

    def _take(self, hour: int) -> list[bytes]:
        lines: list[bytes] = []
        size = 0
        while self._queue and len(lines) < _SLICE_EVENTS and size < _SLICE_BYTES:
            if hour_of(self._queue[0].time) != hour:
                break
            event = self._queue.popleft()
            self._taken_bytes += event.size
            try:
                line = event.to_line()
            except ValueError as error:  # an id that is no Unicode
                self._lost += 1
                logger.warning("an event cannot be captured: %s", error)
                continue
            lines.append(line)
            size += len(line)
        return lines
