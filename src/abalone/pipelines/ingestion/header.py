"""The header of a batch: which column is where, or why the batch cannot be read."""

import csv
import re

from abalone.pipelines.ingestion.text import quote
from abalone.schema import COLUMN_NAMES

# In order of evidence: commas also occur in numbers that are separated by semicolons, blanks between any words.
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas", " ": "blanks"}
_DIGITS = re.compile(r"\s*[-+]?[0-9]*[.,]?[0-9]+\s*")
_REMEDY = f"the first line must be {','.join(COLUMN_NAMES)}"


class HeaderError(ValueError):
    """Why a batch has no usable header.

    Attributes:
        is_data: Whether the first line holds a measurement instead.
    """

    def __init__(self, reason: str, *, is_data: bool = False) -> None:
        super().__init__(reason)
        self.is_data = is_data


def read_header(line: bytes) -> tuple[str, ...]:
    """Read the column names of a batch, in any order.

    Args:
        line: The first line that is not blank, without its line end.

    Returns:
        A permutation of `schema.COLUMN_NAMES`.

    Raises:
        HeaderError: It is not one; the message names the fault and the remedy.
    """
    try:
        text = line.decode("utf-8")
        names = tuple(name.strip() for name in next(csv.reader([text], strict=True)))
    except UnicodeDecodeError as error:
        raise HeaderError("batch has a header that is not UTF-8: save the file as UTF-8") from error
    except csv.Error as error:
        raise HeaderError(f"batch has a header that is not CSV ({error}): {_REMEDY}") from error
    if sorted(names) == sorted(COLUMN_NAMES):
        return names
    delimiter = _delimiter(text, names)
    is_data = any(_DIGITS.fullmatch(field) for field in text.split(delimiter))
    if delimiter != ",":
        reason = f"batch has fields separated by {_DELIMITERS[delimiter]}: save the file with commas"
        raise HeaderError(reason, is_data=is_data)
    if is_data:
        raise HeaderError(f"batch has no header line: {_REMEDY}", is_data=True)
    raise HeaderError(f"batch has wrong columns: {_differences(names)}")


def _delimiter(text: str, names: tuple[str, ...]) -> str:
    if set(names) & set(COLUMN_NAMES):
        return ","
    return next((delimiter for delimiter in _DELIMITERS if delimiter in text.strip()), ",")


def _differences(names: tuple[str, ...]) -> str:
    missing = [name for name in COLUMN_NAMES if name not in names]
    unknown = [name for name in dict.fromkeys(names) if name not in COLUMN_NAMES]
    repeated = [name for name in COLUMN_NAMES if names.count(name) > 1]
    listed = (("missing", missing), ("unknown", unknown), ("repeated", repeated))
    return f"{', '.join(_enumerate(label, group) for label, group in listed if group)} ({_REMEDY})"


def _enumerate(label: str, names: list[str]) -> str:
    shown = [quote(name) for name in names[: len(COLUMN_NAMES)]]
    more = [f"{len(names) - len(shown)} more"] if len(names) > len(shown) else []
    return f"{label} {', '.join(shown + more)}"
