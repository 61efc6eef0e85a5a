"""Rows as JSON: a list of records, or SageMaker's instances; and as JSON Lines, one record a line."""

import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from abalone.schema import MEASUREMENT_NAMES
from abalone.serving.faults import RequestError
from abalone.serving.formats.batch import Batch, check_row_count, read_cells, unreadable
from abalone.serving.messages import Answer, Instances, Measurement, Outcome

Records: TypeAlias = list[Measurement]  # type: ignore[valid-type]  # made of the schema when the module is loaded

_instances = msgspec.json.Decoder(Instances)
_records = msgspec.json.Decoder(Records)
_lines = msgspec.json.Decoder(Measurement)
_anything = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()

_IS_LIST = re.compile(rb"\s*\[")
_UNREADABLE = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


def read_sound_json(body: bytes) -> Batch | None:
    """Read a list of records, or an object with `instances`, in which everything can be read; None for any other."""
    is_list = _IS_LIST.match(body) is not None
    try:
        return _batch(_records.decode(body) if is_list else _instances.decode(body).instances)
    except _UNREADABLE:
        return None


def read_any_json(body: bytes) -> Batch:
    """Read a list of records, or an object with `instances`, value by value.

    Raises:
        RequestError: The body is not JSON, or neither of the two; or it is too large, or too bad, to be looked into.
    """
    check_row_count(body.count(b"{"))
    return _cell_by_cell(_rows_of(_parsed(_anything.decode, body.removeprefix(BOM_UTF8))))


def read_sound_json_lines(body: bytes) -> Batch | None:
    """Read one record a line, where everything can be read; None where anything cannot. Empty lines are no rows."""
    try:
        return _batch(_lines.decode_lines(body))
    except _UNREADABLE:
        return None


def read_any_json_lines(body: bytes) -> Batch:
    """Read one record a line, value by value; empty lines are no rows.

    Raises:
        RequestError: A line is not JSON; or the body is too large, or too bad, to be looked into.
    """
    lines = [line for line in body.removeprefix(BOM_UTF8).splitlines() if line.strip()]
    check_row_count(len(lines))
    return _cell_by_cell([_parsed(_anything.decode, line, f"row {row}: ") for row, line in enumerate(lines, 1)])


def write_json(inference_id: str, model_version: str, outcomes: Sequence[Outcome]) -> bytes:
    """Write an answer."""
    return _encoder.encode(Answer(inference_id, model_version, outcomes))  # type: ignore[arg-type]  # a list in fact


def write_json_lines(outcomes: Sequence[Outcome]) -> bytes:
    """Write one outcome a line."""
    return _encoder.encode_lines(outcomes)


def _batch(records: Sequence[Any]) -> Batch:
    rows = [msgspec.structs.astuple(record) for record in records]
    return Batch([row[0] for row in rows], [row[1:] for row in rows])


def _parsed(decode: Any, text: bytes, where: str = "") -> Any:
    try:
        return decode(text)
    except _UNREADABLE as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise RequestError(422, "malformed_body", f"{where}the body is not valid JSON: {reason}") from error


def _rows_of(value: Any) -> list[Any]:
    rows = value.get("instances") if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise RequestError(
            422, "malformed_body", 'the body is no list of records: send [{"sex": "M", …}] or {"instances": […]}'
        )
    return rows


def _cell_by_cell(records: Sequence[Any]) -> Batch:
    check_row_count(len(records))
    batch = Batch(sexes := [], numbers := [])
    for row, record in enumerate(records, 1):
        if isinstance(record, dict):
            sex, cells, problems = read_cells(row, [record.get(name) for name in MEASUREMENT_NAMES])
        else:
            sex, cells, problems = unreadable(row, "not_a_record", f"the row is {type(record).__name__}, not an object")
        sexes.append(sex)
        numbers.append(cells)
        batch.note(problems)
    return batch
