"""Rows as CSV, with or without a header."""

import csv
import io
from collections.abc import Sequence
from operator import itemgetter

import msgspec

from abalone.schema import MEASUREMENT_NAMES, SEX
from abalone.serving.faults import RequestError
from abalone.serving.formats.batch import Batch, read_cells, unreadable
from abalone.serving.messages import Outcome, Prediction, Problem

OUTCOME_COLUMNS = ("rings", "lower_rings", "upper_rings", "age_years", "warnings", "errors")

_FIELDS = len(MEASUREMENT_NAMES)
_NO_NUMBERS = (0.0, 0.0, 0.0, 0.0)
_numbers = msgspec.json.Decoder(list[tuple[float, float, float, float, float, float, float]])


def read_csv(body: bytes) -> Batch:
    """Read one row a line; empty lines are no rows.

    Without a header the columns are those of the schema, in its order. A header may have them in any order, beside
    others, which are ignored.

    Raises:
        RequestError: The body is not text, its quotes do not match, or its header lacks a column.
    """
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
    if header is not None:
        places, width = _places(header), len(header)
        rows = rows[1:]
    else:
        places, width = tuple(range(_FIELDS)), _FIELDS
    batch = _all_at_once(rows, places, width) or _cell_by_cell(rows, places, width)
    batch.has_header = header is not None
    return batch


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
    names = [field.strip().lower() for field in row]
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


def _all_at_once(rows: list[list[str]], places: tuple[int, ...], width: int) -> Batch | None:
    """Read rows in which everything can be read; None if there is anything else."""
    if any(len(row) != width for row in rows):
        return None
    if places != tuple(range(width)):
        rows = list(map(itemgetter(*places), rows))
    try:
        # JSON's numbers are among those of CSV, and its decoder is several times as fast as float().
        numbers = _numbers.decode(f"[[{'],['.join([','.join(row[1:]) for row in rows])}]]") if rows else []
    except msgspec.DecodeError:
        return None
    sexes = [row[0] for row in rows]
    if len(numbers) != len(rows) or not set(sexes) <= set(SEX.values):
        return None
    return Batch(sexes, numbers)


def _cell_by_cell(rows: Sequence[Sequence[str]], places: tuple[int, ...], width: int) -> Batch:
    batch = Batch(sexes := [], numbers := [])
    for row, fields in enumerate(rows, 1):
        if len(fields) == width:
            sex, cells, problems = read_cells(row, [fields[place] for place in places])
        else:
            sex, cells, problems = unreadable(
                row, "wrong_field_count", f"the row has {len(fields)} fields, separated by commas, and needs {width}"
            )
        sexes.append(sex)
        numbers.append(cells)
        batch.problems.extend(problems)
    return batch
