"""Rows as CSV, with or without a header."""

import csv
import io
import re
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import msgspec

from abalone.schema import MEASUREMENT_NAMES, SEX
from abalone.serving.faults import RequestError
from abalone.serving.formats.batch import Batch, Row, check_row_count, read_cells, unreadable
from abalone.serving.messages import Outcome, Prediction, Problem

OUTCOME_COLUMNS = ("rings", "lower_rings", "upper_rings", "age_years", "warnings", "errors")

_FIELDS = len(MEASUREMENT_NAMES)
_PLAIN_HEADER = ",".join(MEASUREMENT_NAMES) + "\n"
_PLAIN_SEXES = {f"{sex}," for sex in SEX.values}
_BETWEEN_WORDS = re.compile(r"[ ._-]+")
"""`Whole weight` and `Whole.weight`, as copies of the survey have it, are `whole_weight`."""

_NO_NUMBERS = (0.0, 0.0, 0.0, 0.0)
_numbers = msgspec.json.Decoder(list[tuple[float, float, float, float, float, float, float]])


def read_sound_csv(body: bytes) -> Batch | None:
    """Read one row a line, where everything can be read; None where anything cannot. Empty lines are no rows.

    Raises:
        RequestError: As in `read_any_csv`.
    """
    check_row_count(body.count(b"\n"))
    batch = _read_plain(body)
    if batch is None:
        lines = _lines_of(body)
        batch = _all_at_once(lines)
        if batch is not None:
            batch.has_header = lines.has_header
    return batch


def read_any_csv(body: bytes) -> Batch:
    """Read one row a line, field by field; empty lines are no rows.

    Without a header the columns are those of the schema, in its order. A header may have them in any order, beside
    others, which are ignored.

    Raises:
        RequestError: The body is not text, its quotes do not match, or its header lacks a column; or it is too large,
            or too bad, to be looked into.
    """
    lines = _lines_of(body)
    batch = Batch(sexes := [], numbers := [], has_header=lines.has_header)
    for row, fields in enumerate(lines.rows, 1):
        if len(fields) == lines.width:
            sex, cells, problems = read_cells(row, [fields[place] for place in lines.places])
        else:
            sex, cells, problems = unreadable(
                row,
                "wrong_field_count",
                f"the row has {len(fields)} fields between commas, and needs {lines.width}",
            )
        sexes.append(sex)
        numbers.append(cells)
        batch.note(problems)
    return batch


def _read_plain(body: bytes) -> Batch | None:
    """Read rows in the order of the schema that have nothing to unquote, in a third of the time; None for any other.

    What follows the sex is a list of numbers in JSON, too, and its decoder sees to it that there are seven of them.
    """
    try:
        text = body.decode("ascii").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
    has_header = text.startswith(_PLAIN_HEADER)
    rows = [line for line in text[len(_PLAIN_HEADER) * has_header :].split("\n") if line]
    # For CSV a carriage return ends a row, for JSON it is a blank.
    if not rows or "\r" in text or not {line[:2] for line in rows} <= _PLAIN_SEXES:
        return None
    numbers = _decoded([line[2:] for line in rows])
    return None if numbers is None else Batch([line[0] for line in rows], numbers, has_header=has_header)


def _decoded(rows: list[str]) -> Sequence[Row] | None:
    """Read rows of numbers between commas; None if there is anything else in them."""
    try:
        # JSON's numbers are among those of CSV, and its decoder is several times as fast as float().
        numbers = _numbers.decode(f"[[{'],['.join(rows)}]]")
    except msgspec.DecodeError:
        return None
    # A field with brackets in it could pass for several rows.
    return numbers if len(numbers) == len(rows) else None


class _Lines(NamedTuple):
    """Fields of text, and where the columns are in them."""

    rows: list[list[str]]
    places: tuple[int, ...]
    width: int
    has_header: bool


def _lines_of(body: bytes) -> _Lines:
    check_row_count(max(body.count(b"\n"), body.count(b"\r")))
    try:
        text = body.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except UnicodeDecodeError as error:
        raise RequestError(
            422, "malformed_body", f"the body is not UTF-8: byte 0x{body[error.start]:02x} at {error.start}"
        ) from error
    except csv.Error as error:
        raise RequestError(422, "malformed_body", f"the body is not valid CSV: {error}") from error
    header = _header(rows[0]) if rows else None
    if header is None:
        return _Lines(rows, tuple(range(_FIELDS)), _FIELDS, has_header=False)
    return _Lines(rows[1:], _places(header), len(header), has_header=True)


def write_csv(outcomes: Sequence[Outcome], *, header: bool) -> bytes:
    """Write one outcome a line.

    Args:
        outcomes: In the order of the rows.
        header: Whether the names of the columns come first.
    """
    lines = [",".join(OUTCOME_COLUMNS)] if header else []
    lines += map(_line, outcomes, _numbers_of(outcomes))
    return "\r\n".join([*lines, ""]).encode()


def _numbers_of(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the four numbers of each outcome, separated by commas: all at once, several times as fast as repr()."""
    numbers = [
        (outcome.rings, outcome.lower_rings, outcome.upper_rings, outcome.age_years)
        if isinstance(outcome, Prediction)
        else _NO_NUMBERS
        for outcome in outcomes
    ]
    return msgspec.json.encode(numbers)[2:-2].decode().split("],[")


def _line(outcome: Outcome, numbers: str) -> str:
    if isinstance(outcome, Prediction):
        return f"{numbers},{_messages(outcome.warnings)}," if outcome.warnings else f"{numbers},,"
    return f",,,,,{_messages(outcome.errors)}"


def _messages(problems: Sequence[Problem]) -> str:
    text = "; ".join(problem.message for problem in problems).replace('"', '""')
    return f'"{text}"'


def _header(row: list[str]) -> list[str] | None:
    if len(row) == _FIELDS and row[0] in SEX.values:
        return None
    names = [_BETWEEN_WORDS.sub("_", field.strip().lower()) for field in row]
    return names if not set(names).isdisjoint(MEASUREMENT_NAMES) else None


def _places(header: list[str]) -> tuple[int, ...]:
    if missing := [name for name in MEASUREMENT_NAMES if name not in header]:
        raise RequestError(
            422,
            "missing_columns",
            f"the header lacks {', '.join(missing)}: give {','.join(MEASUREMENT_NAMES)}, in any order",
            [Problem("missing_column", f"the header lacks {name}", name) for name in missing],
        )
    if twice := [name for name in MEASUREMENT_NAMES if header.count(name) > 1]:
        raise RequestError(
            422,
            "repeated_columns",
            f"the header has {', '.join(twice)} more than once: give each column once",
            [Problem("repeated_column", f"the header has {name} more than once", name) for name in twice],
        )
    return tuple(header.index(name) for name in MEASUREMENT_NAMES)


def _all_at_once(lines: _Lines) -> Batch | None:
    rows = lines.rows
    if any(len(row) != lines.width for row in rows):
        return None
    if lines.places != tuple(range(lines.width)):
        rows = list(map(itemgetter(*lines.places), rows))
    sexes = [row[0] for row in rows]
    numbers = _decoded([",".join(row[1:]) for row in rows]) if set(sexes) <= set(SEX.values) and rows else None
    return None if numbers is None else Batch(sexes, numbers)
