"""What the service captures, as its settings say."""

import time
from dataclasses import dataclass
from pathlib import Path

from abalone.serving.aws import S3_SCHEME, split_s3_address
from abalone.serving.capture.events import FeedbackEvent, PredictionEvent
from abalone.serving.capture.rotation import RotatingFile
from abalone.serving.capture.sinks import LocalSink, S3Sink, Sink
from abalone.serving.capture.writer import CaptureWriter
from abalone.serving.settings import Settings


@dataclass(frozen=True)
class Capture:
    """The two things that are captured.

    Attributes:
        predictions: Takes what was answered.
        feedback: Takes the true rings.
    """

    predictions: CaptureWriter[PredictionEvent]
    feedback: CaptureWriter[FeedbackEvent]

    @property
    def written(self) -> int:
        """How many records were written."""
        return self.predictions.written + self.feedback.written

    @property
    def dropped(self) -> int:
        """How many records could not be written."""
        return self.predictions.dropped + self.feedback.dropped

    def close(self, timeout_seconds: float) -> None:
        """Write what waits, and end. What cannot be written in time is dropped.

        Args:
            timeout_seconds: How long this may take.
        """
        deadline = time.monotonic() + timeout_seconds
        self.predictions.stop()
        self.feedback.stop()
        self.predictions.close(timeout_seconds)
        self.feedback.close(max(0.0, deadline - time.monotonic()))


def open_capture(settings: Settings) -> Capture | None:
    """Begin to capture, as the settings say.

    Args:
        settings: Those of the service.

    Returns:
        What takes events; None when nothing is captured.

    Raises:
        AbaloneError: The place for captures cannot be one.
    """
    if not settings.capture:
        return None
    sink = _sink(settings.capture)

    def rotating(folder: str) -> RotatingFile:
        return RotatingFile(sink, folder, settings.capture_rotate_seconds, settings.capture_rotate_bytes)

    predictions, labels = (
        f"{settings.endpoint_name}/{settings.variant_name}",
        f"{settings.endpoint_name}-ground-truth",
    )
    pending = settings.capture_pending_bytes
    return Capture(
        CaptureWriter(rotating(predictions), f"{sink}/{predictions}", pending, settings.capture_sample),
        CaptureWriter(rotating(labels), f"{sink}/{labels}", pending),
    )


def _sink(location: str) -> Sink:
    if location.startswith(S3_SCHEME):
        return S3Sink(*split_s3_address(location))
    return LocalSink(Path(location))
