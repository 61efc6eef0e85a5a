"""Text fields to numbers, so strictly that no text becomes a number that its author did not mean."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from abalone.pipelines.ingestion.faults import Fault
from abalone.pipelines.ingestion.text import quote

BLANKS = " \t"
"""Blanks around a field are not part of it."""

# ASCII digits with a point and an exponent: no sign but minus, no separators, no hexadecimal, no words.
_PLAIN_DECIMAL = r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_SIGNED = re.compile(rf"\+{_PLAIN_DECIMAL.removeprefix('-?')}")
_UNDERSCORED = re.compile(r"[-+]?[0-9][0-9._]*[0-9]")
_SEPARATED = re.compile(r"[-+]?[0-9][0-9.,' \u00a0\u2009\u202f]*[0-9]")
_NOT_FINITE = re.compile(rf"[-+]?(nan|inf|infinity)|{_PLAIN_DECIMAL}", re.IGNORECASE)
_HINTS = (
    (_SIGNED, " (leave out the plus sign)"),
    (_SEPARATED, " (decimal comma or thousands separator? write digits and one decimal point, as in 0.455)"),
    (_UNDERSCORED, " (leave out the underscores)"),
)


def parse_numbers(
    column: str, text: pa.ChunkedArray, numbers: NDArray[np.int64]
) -> tuple[NDArray[np.float64], list[Fault]]:
    """Parse the fields of a numeric column.

    Args:
        column: Name of the column, for the reasons.
        text: The fields, shape (n,).
        numbers: Line number of each field, shape (n,).

    Returns:
        The values, correctly rounded, shape (n,), NaN where the field is not a finite plain decimal number;
        and a fault for each of these.
    """
    trimmed = pc.ascii_trim(text, characters=BLANKS)
    plain = pc.match_substring_regex(trimmed, rf"\A{_PLAIN_DECIMAL}\z")
    values = np.array(pc.if_else(plain, trimmed, None).cast(pa.float64()), dtype=np.float64)
    finite = np.isfinite(values)
    refused = trimmed.filter(pa.array(~finite)).to_pylist()
    faults = [
        Fault(line, f"{column} {_reason(value)}")
        for line, value in zip(numbers[~finite].tolist(), refused, strict=True)
    ]
    return np.where(finite, values, np.nan), faults


def _reason(value: str) -> str:
    if not value:
        return "is missing"
    if _NOT_FINITE.fullmatch(value):
        return f"is not finite: {quote(value)}"
    hint = next((hint for spelling, hint in _HINTS if spelling.fullmatch(value)), "")
    return f"is not a plain decimal number: {quote(value)}{hint}"
