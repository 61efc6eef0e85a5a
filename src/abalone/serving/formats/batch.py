"""The rows of a request, whatever format they came in."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from abalone.schema import NUMBERS, SEX
from abalone.serving.faults import RequestError
from abalone.serving.messages import Problem

Row: TypeAlias = tuple[float, ...]
"""The numbers of a row, in the order of `schema.NUMBERS`."""

MAX_ROWS = 250_000
"""Twice what batch transform sends, with memory of a few hundred megabytes."""

MAX_PROBLEMS = 50_000

_KNOWN_SEX = SEX.values[0]
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


@dataclass(slots=True)
class Batch:
    """Rows as they were read.

    Attributes:
        sexes: One a row.
        numbers: One tuple a row.
        problems: Values that could not be read, by row and column; they are NaN in `numbers`.
        has_header: Whether column names came with them.
    """

    sexes: Sequence[str]
    numbers: Sequence[Row]
    problems: list[Problem] = field(default_factory=list)
    has_header: bool = False

    def note(self, problems: Sequence[Problem]) -> None:
        """Add problems.

        Raises:
            RequestError: There are too many of them.
        """
        self.problems.extend(problems)
        check_problem_count(len(self.problems))


def check_row_count(rows: int) -> None:
    """Refuse a request that has more rows than are answered at once, before each of them is looked into.

    Raises:
        RequestError: It has (413).
    """
    if rows > MAX_ROWS:
        raise RequestError(413, "too_many_rows", f"the body has more than {MAX_ROWS:,} rows: send them in parts")


def check_problem_count(problems: int) -> None:
    """Refuse a request of which next to nothing is right, before every problem is told.

    Raises:
        RequestError: It has more problems than are told (422).
    """
    if problems > MAX_PROBLEMS:
        raise RequestError(
            422,
            "too_many_problems",
            f"more than {MAX_PROBLEMS:,} values are missing, unreadable or impossible: check the columns and the units",
        )


def read_cells(row: int, values: Sequence[object]) -> tuple[str, Row, list[Problem]]:
    """Read the values of a row one by one, to say what is wrong with each.

    Args:
        row: Number of the row, from 1.
        values: In the order of `schema.MEASUREMENTS`; None where there is none; numbers may be text.

    Returns:
        The sex, the numbers, and what is wrong. In place of what cannot be read stand a sex that the model knows, and
        NaN.
    """
    sex, *others = values
    problems: list[Problem] = []
    known = sex.strip() if isinstance(sex, str) else sex
    if known not in SEX.values:
        problems.append(_problem(row, SEX.name, sex, f"one of {', '.join(SEX.values)}"))
        known = _KNOWN_SEX
    numbers = tuple(map(_as_number, others))
    for column, value, number in zip(NUMBERS, others, numbers, strict=True):
        if math.isnan(number):
            problems.append(_problem(row, column.name, value, "a number"))
    return str(known), numbers, problems


def unreadable(row: int, code: str, message: str) -> tuple[str, Row, list[Problem]]:
    """Stand in for a row that has no cells to read.

    Args:
        row: Number of the row, from 1.
        code: The kind of problem.
        message: The same for people.
    """
    return _KNOWN_SEX, (math.nan,) * len(NUMBERS), [Problem(code, message, row=row)]


def _as_number(value: object) -> float:
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else math.nan
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    return math.nan


def _problem(row: int, column: str, value: object, expected: str) -> Problem:
    if value is None or (isinstance(value, str) and not value.strip()):
        return Problem("missing_value", f"{column} is missing: give {expected}", column, row)
    shown = repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
    return Problem("invalid_value", f"{column} {shown[:50]} is not {expected}", column, row)
