"""What is captured, and the line that is written of it."""

import base64
import time
import uuid
from functools import lru_cache

import msgspec

_OVERHEAD_BYTES = 600
"""What an event takes beside its payloads, waiting or as a line."""

_ENCODINGS = {"text/csv": "CSV", "application/json": "JSON", "application/jsonlines": "JSON"}
_BASE64 = "BASE64"


class PredictionEvent(msgspec.Struct, frozen=True, gc=False):
    """A request that was answered.

    Attributes:
        inference_id: Names the answer.
        time: When it was asked for, in seconds of the epoch.
        content_type: Of the request.
        request: The request's body.
        accept: Content type of the answer.
        answer: The answer's body.
        model_version: Version of the model that answered.
        event_id: Tells the event from all others; callers may name two answers alike.
    """

    inference_id: str
    time: float
    content_type: str
    request: bytes
    accept: str
    answer: bytes
    model_version: str
    event_id: str = msgspec.field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def size(self) -> int:
        """About as many bytes as the event takes."""
        return len(self.request) + len(self.answer) + _OVERHEAD_BYTES

    def to_line(self) -> bytes:
        """Return the event as SageMaker captures it, a line of JSON."""
        return _line(
            _Captured(
                _Payloads(
                    _payload(self.content_type, "INPUT", self.request), _payload(self.accept, "OUTPUT", self.answer)
                ),
                _CaptureMetadata(
                    self.event_id,
                    self.inference_id,
                    [f"model_version={self.model_version}"],
                    _timestamp(int(self.time)),
                ),
            )
        )


class FeedbackEvent(msgspec.Struct, frozen=True, gc=False):
    """The true number of rings of a row that was predicted.

    Attributes:
        inference_id: Names the answer that predicted it.
        row: Which row of the answer, from 1.
        rings: The number of rings.
        time: When it was told, in seconds of the epoch.
    """

    inference_id: str
    row: int
    rings: int
    time: float

    @property
    def size(self) -> int:
        """About as many bytes as the event takes."""
        return _OVERHEAD_BYTES

    def to_line(self) -> bytes:
        """Return the event as SageMaker reads labels, a line of JSON."""
        return _line(_Labelled(_Label(str(self.rings)), _LabelMetadata(self.inference_id, self.row)))


class _Payload(msgspec.Struct, rename="camel", gc=False):
    observed_content_type: str
    mode: str
    data: str
    encoding: str


class _Payloads(msgspec.Struct, rename="camel", gc=False):
    endpoint_input: _Payload
    endpoint_output: _Payload


class _CaptureMetadata(msgspec.Struct, rename="camel", gc=False):
    event_id: str
    inference_id: str
    custom_attributes: list[str]
    inference_time: str


class _Captured(msgspec.Struct, rename="camel", gc=False):
    capture_data: _Payloads
    event_metadata: _CaptureMetadata
    event_version: str = "0"


class _Label(msgspec.Struct, gc=False):
    data: str
    encoding: str = "CSV"


class _LabelMetadata(msgspec.Struct, rename="camel", gc=False):
    event_id: str
    row: int


class _Labelled(msgspec.Struct, rename="camel", gc=False):
    ground_truth_data: _Label
    event_metadata: _LabelMetadata
    event_version: str = "0"


def _payload(content_type: str, mode: str, body: bytes) -> _Payload:
    encoding = _encoding(content_type)
    if encoding != _BASE64:
        try:
            return _Payload(content_type, mode, str(body, "utf-8"), encoding)
        except UnicodeDecodeError:
            encoding = _BASE64
    return _Payload(content_type, mode, str(base64.b64encode(body), "ascii"), encoding)


# the same few again and again, at thousands a second
@lru_cache(maxsize=64)
def _encoding(content_type: str) -> str:
    return _ENCODINGS.get(content_type.partition(";")[0].strip().lower(), _BASE64)


@lru_cache(maxsize=64)
def _timestamp(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


_line_encoder = msgspec.json.Encoder()


def _line(record: _Captured | _Labelled) -> bytes:
    return _line_encoder.encode(record) + b"\n"
