"""Rows of captured requests, in every format that the service reads.

Whether a row is sound the service has decided already, by answering it. So nothing is refused here: what is not a
number is NaN, in a row that was refused then.
"""

import csv
import io
import math
import re
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from abalone.captures.lines import Payload, UnreadableError
from abalone.schema import MEASUREMENT_NAMES, NUMBER_NAMES, SEX

_BETWEEN_WORDS = re.compile(r"[ ._-]+")
_NOTHING = (math.nan,) * len(NUMBER_NAMES)

_Record = msgspec.defstruct("_Record", [(name, Any, None) for name in MEASUREMENT_NAMES], gc=False)


class _Instances(msgspec.Struct, gc=False):
    instances: list[_Record]  # type: ignore[valid-type]  # made of the schema when the module is loaded


_records = msgspec.json.Decoder(list[_Record])  # type: ignore[valid-type]
_instances = msgspec.json.Decoder(_Instances)
_lines = msgspec.json.Decoder(_Record)


class Row(NamedTuple):
    """A row of a request.

    Attributes:
        sex: As it was sent.
        numbers: In the order of `schema.NUMBERS`.
    """

    sex: str
    numbers: tuple[float, ...]


def read_request(payload: Payload) -> list[Row]:
    """Read the rows of a request.

    Raises:
        UnreadableError: It has none that could be read.
    """
    text, media_type = payload.text.removeprefix("\ufeff"), payload.media_type
    try:
        if "jsonlines" in media_type:
            return [_row(msgspec.structs.astuple(record)) for record in _lines.decode_lines(text)]
        if "json" in media_type:
            records = _records.decode(text) if text.lstrip().startswith("[") else _instances.decode(text).instances
            return [_row(msgspec.structs.astuple(record)) for record in records]
        return _csv_rows(text)
    except (msgspec.MsgspecError, csv.Error, RecursionError) as error:
        raise UnreadableError(str(error)) from error


def fields_of(text: str) -> list[list[str]]:
    """Split CSV into its fields; empty lines are no rows.

    Raises:
        csv.Error: Its quotes do not match.
    """
    if '"' not in text:
        lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        return [line.split(",") for line in lines.split("\n") if line]
    return [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]


def _csv_rows(text: str) -> list[Row]:
    rows = fields_of(text)
    if not rows:
        raise UnreadableError("a request without rows")
    if len(rows[0]) == len(MEASUREMENT_NAMES) and rows[0][0] in SEX.values:
        return [_row(fields) for fields in rows]
    places = _places(tuple(rows[0]))
    if places is None:
        return [_row(fields) for fields in rows]
    pick, width = itemgetter(*places), len(rows[0])
    return [_row(pick(fields) if len(fields) == width else ()) for fields in rows[1:]]


@lru_cache(maxsize=64)
def _places(header: tuple[str, ...]) -> tuple[int, ...] | None:
    """Find the columns by their names, however they are written; None where the line has none of the names."""
    names = [_BETWEEN_WORDS.sub("_", name.strip().lower()) for name in header]
    if set(names).isdisjoint(MEASUREMENT_NAMES):
        return None
    try:
        return tuple(names.index(name) for name in MEASUREMENT_NAMES)
    except ValueError as error:
        raise UnreadableError(str(error)) from error


def _row(fields: Any) -> Row:
    if len(fields) != len(MEASUREMENT_NAMES):
        return Row("", _NOTHING)
    sex, *numbers = fields
    try:
        return Row(sex.strip(), tuple(map(float, numbers)))
    except (AttributeError, TypeError, ValueError, OverflowError):
        return Row("", _NOTHING)
