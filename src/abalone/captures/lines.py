"""Lines of the files: what was asked and answered, and what was counted under the microscope."""

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Annotated

import msgspec

MODEL_VERSION = "model_version="


class UnreadableError(ValueError):
    """What was captured cannot be read, or makes no sense."""


@lru_cache(maxsize=64)
def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


class Payload(msgspec.Struct, rename="camel", gc=False):
    """A body as it was captured.

    Attributes:
        data: The body, or its Base64.
        encoding: CSV, JSON or BASE64.
        observed_content_type: As in the header.
    """

    data: str
    encoding: str
    observed_content_type: str = ""

    @property
    def text(self) -> str:
        """The body.

        Raises:
            UnreadableError: It is not text.
        """
        if self.encoding != "BASE64":
            return self.data
        try:
            return base64.b64decode(self.data, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise UnreadableError(str(error)) from error

    @property
    def media_type(self) -> str:
        """Its media type; by the encoding where none was observed."""
        return _media_type(self.observed_content_type) or self.encoding.lower()


class _Payloads(msgspec.Struct, rename="camel", gc=False):
    endpoint_input: Payload
    endpoint_output: Payload


class _EventMetadata(msgspec.Struct, rename="camel", gc=False):
    event_id: str
    inference_time: Annotated[datetime, msgspec.Meta(tz=True)]
    inference_id: str | None = None
    custom_attributes: list[str] | None = None


class Event(msgspec.Struct, rename="camel", gc=False):
    """A request and its answer."""

    capture_data: _Payloads
    event_metadata: _EventMetadata

    @property
    def id(self) -> str:
        """Tells the event from all others."""
        return self.event_metadata.event_id

    @property
    def answer_id(self) -> str:
        """What labels call it by."""
        return self.event_metadata.inference_id or self.event_metadata.event_id

    @property
    def model_version(self) -> str:
        """Version of the model, "" where it is not told."""
        for attributes in self.event_metadata.custom_attributes or ():
            for attribute in attributes.split(","):
                if attribute.strip().startswith(MODEL_VERSION):
                    return attribute.strip().removeprefix(MODEL_VERSION)
        return ""


class _GroundTruth(msgspec.Struct, gc=False):
    data: str
    encoding: str = "CSV"


class _LabelMetadata(msgspec.Struct, rename="camel", gc=False):
    event_id: str
    row: Annotated[int, msgspec.Meta(ge=1)] = 1


class Label(msgspec.Struct, rename="camel", gc=False):
    """The true rings of a row of an answer."""

    ground_truth_data: _GroundTruth
    event_metadata: _LabelMetadata


def split_lines(content: bytes) -> Iterator[tuple[bytes, bool]]:
    """Split a file into lines that are not blank; tell of each whether it has its end.

    Args:
        content: Of the file.
    """
    *lines, last = content.split(b"\n")
    for line in lines:
        if line.strip():
            yield line, True
    if last.strip():
        yield last, False
