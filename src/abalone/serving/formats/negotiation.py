"""Which format a request has, and which one its answer gets."""

from collections.abc import Callable, Sequence
from email.message import Message
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from abalone.serving.faults import RequestError
from abalone.serving.formats.batch import Batch, check_row_count
from abalone.serving.formats.csv_rows import read_any_csv, read_sound_csv, write_csv
from abalone.serving.formats.json_rows import (
    read_any_json,
    read_any_json_lines,
    read_sound_json,
    read_sound_json_lines,
    write_json,
    write_json_lines,
)
from abalone.serving.messages import Outcome


class Format(Enum):
    """A format, by its media type."""

    JSON = "application/json"
    JSON_LINES = "application/jsonlines"
    CSV = "text/csv"


class WrittenFormat(NamedTuple):
    """The format of an answer.

    Attributes:
        format: What it is written in.
        header: Whether a CSV begins with its column names; None: when the request did.
    """

    format: Format
    header: bool | None = None


_SOUND: dict[Format, Callable[[bytes], Batch | None]] = {
    Format.JSON: read_sound_json,
    Format.JSON_LINES: read_sound_json_lines,
    Format.CSV: read_sound_csv,
}
_ANY: dict[Format, Callable[[bytes], Batch]] = {
    Format.JSON: read_any_json,
    Format.JSON_LINES: read_any_json_lines,
    Format.CSV: read_any_csv,
}
_MAX_HEADER_LENGTH = 1000
"""Of a longer one nothing is understood: the standard library's parser takes seconds for what is made to slow it."""

_BY_MEDIA_TYPE = {form.value: form for form in Format} | {
    "application/x-jsonlines": Format.JSON_LINES,
    "application/jsonl": Format.JSON_LINES,
    "application/x-ndjson": Format.JSON_LINES,
}
_KNOWN = ", ".join(form.value for form in Format)
_UTF_8 = {"utf-8", "utf8", "us-ascii"}
_HEADER = {"present": True, "absent": False}


@lru_cache(maxsize=256)
def format_of_request(content_type: str) -> Format:
    """Return the format that a Content-Type names.

    Raises:
        RequestError: It is missing, unknown, or not in UTF-8 (415).
    """
    parsed = _parsed(content_type[:_MAX_HEADER_LENGTH])
    form = _BY_MEDIA_TYPE.get(parsed.get_content_type()) if content_type else None
    if form is None or len(content_type) > _MAX_HEADER_LENGTH:
        raise RequestError(
            415, "unsupported_media_type", f"Content-Type {content_type[:100]!r} is not read here: send {_KNOWN}"
        )
    if str(parsed.get_param("charset", "utf-8")).lower() not in _UTF_8:
        raise RequestError(415, "unsupported_charset", f"Content-Type {content_type[:100]!r}: send UTF-8")
    return form


@lru_cache(maxsize=256)
def format_of_answer(accept: str, requested: Format) -> WrittenFormat:
    """Return the format that an Accept header prefers; where it does not mind, that of the request.

    A CSV has a header when the request had one, or as the parameter `header` of RFC 4180 says (`present`, `absent`).

    Raises:
        RequestError: None of the formats is accepted (406).
    """
    best, best_quality = None, 0.0
    for choice in (accept[:_MAX_HEADER_LENGTH] or "*/*").split(","):
        parsed = _parsed(choice.strip())
        form = _matching(parsed.get_content_type(), requested)
        quality = _quality(parsed)
        if form is not None and quality > best_quality:
            best = WrittenFormat(form, _HEADER.get(str(parsed.get_param("header", ""))))
            best_quality = quality
    if best is None:
        raise RequestError(406, "not_acceptable", f"Accept {accept[:100]!r} cannot be met: accept one of {_KNOWN}")
    return best


def read_sound(form: Format, body: bytes) -> Batch | None:
    """Read the rows of a request in which everything can be read; None for any other, which `read` is for.

    Raises:
        RequestError: As in `read`.
    """
    batch = _SOUND[form](body)
    if batch is not None:
        _check_rows(batch)
    return batch


def read(form: Format, body: bytes) -> Batch:
    """Read the rows of a request; what cannot be read is looked into value by value, which takes its time.

    Raises:
        RequestError: The body cannot be read, or has no rows, or too many, or too many bad values.
    """
    batch = _SOUND[form](body) or _ANY[form](body)
    _check_rows(batch)
    return batch


def write(
    form: WrittenFormat, inference_id: str, model_version: str, outcomes: Sequence[Outcome], *, request_has_header: bool
) -> bytes:
    """Write what became of the rows."""
    if form.format is Format.JSON:
        return write_json(inference_id, model_version, outcomes)
    if form.format is Format.JSON_LINES:
        return write_json_lines(outcomes)
    return write_csv(outcomes, header=request_has_header if form.header is None else form.header)


def _check_rows(batch: Batch) -> None:
    if not batch.sexes:
        raise RequestError(422, "no_rows", "the request has no rows: send at least one")
    check_row_count(len(batch.sexes))


def _parsed(media_type: str) -> Message:
    message = Message()
    message["content-type"] = media_type
    return message


def _matching(media_type: str, requested: Format) -> Format | None:
    if media_type == "*/*":
        return requested
    if media_type.endswith("/*"):
        main = media_type.removesuffix("*")
        return next((form for form in (requested, *Format) if form.value.startswith(main)), None)
    return _BY_MEDIA_TYPE.get(media_type)


def _quality(parsed: Message) -> float:
    try:
        return float(str(parsed.get_param("q", "1")))
    except ValueError:
        return 0.0
