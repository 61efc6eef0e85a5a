"""The rows of a body, read with Python's own parsers: what the service's readers are held against."""

import csv
import io
import json
import math
import re
from typing import Any

from abalone.schema import MEASUREMENT_NAMES
from support.fuzzing import Row
from support.measurements import CSV, JSON_LINES

_NUMBER = re.compile(r"[ \t\r\n\f\v]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t\r\n\f\v]*")


def read_strictly(content_type: str, body: bytes) -> list[Row]:
    """Read rows in which nothing is doubtful; [] if something is."""
    try:
        text = body.decode("utf-8-sig")
        if content_type == CSV:
            return _rows(_csv_records(text))
        if content_type == JSON_LINES:
            lines = re.split(r"\r\n|\r|\n", text)
            return _rows([_parsed(line) for line in lines if line.strip()])
        return _rows(_listed(_parsed(text)))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, csv.Error, RecursionError):
        return []


def read_leniently(content_type: str, body: bytes) -> list[Row]:
    """Read rows where what is passed over may be anything, and a record of JSON Lines may go over several lines.

    Passed over are the names and values that are no measurement's, and all but the last of a name that stands twice.
    """
    if content_type == CSV:
        return read_strictly(content_type, body)
    text = body.removeprefix(b"\xef\xbb\xbf").decode(errors="replace")
    decoder = json.JSONDecoder(strict=False, parse_constant=_refuse)
    try:
        return _rows(_stream(decoder, text) if content_type == JSON_LINES else _listed(decoder.decode(text)))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return []


def _csv_records(text: str) -> list[dict[str, str]]:
    records = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    names = list(MEASUREMENT_NAMES)
    if records and not set(header := [_column(cell) for cell in records[0]]).isdisjoint(names):
        records, names = records[1:], header
        if any(names.count(name) != 1 for name in MEASUREMENT_NAMES):
            raise ValueError(names)
    return [dict(zip(names, line, strict=True)) for line in records]


def _column(cell: str) -> str:
    return re.sub(r"[ ._-]+", "_", cell.strip().lower())


def _parsed(text: str) -> Any:
    if "\\u" in text:  # half a pair of surrogates is a character to Python
        raise ValueError(text)
    return json.loads(text, parse_constant=_refuse, parse_float=_finite)


def _listed(content: Any) -> Any:
    records = content["instances"] if isinstance(content, dict) else content
    if not isinstance(records, list):
        raise TypeError(records)
    return records


def _stream(decoder: json.JSONDecoder, text: str) -> list[Any]:
    records, rest = [], text.strip()
    while rest:
        record, end = decoder.raw_decode(rest)
        records.append(record)
        rest = rest[end:].strip()
    return records


def _rows(records: Any) -> list[Row]:
    return [
        {name: record[name].strip() if name == "sex" else _number(record[name]) for name in MEASUREMENT_NAMES}
        for record in records
    ]


def _number(value: object) -> float:
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise ValueError(value)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return _finite(value)


def _finite(value: str | float) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _refuse(constant: str) -> float:
    raise ValueError(constant)
