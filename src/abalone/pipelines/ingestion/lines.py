"""Bytes of a batch to physical lines."""

import codecs
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_NEWLINE = ord("\n")
_BLANK_UP_TO = ord(" ")
_ASCII_UP_TO = 0x7F

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_WIDE_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True)
class Lines:
    """The physical lines of a batch that hold something, in their order.

    A line that holds nothing but white space and control characters is not a row, wherever it stands.

    Attributes:
        raw: The whole text, every line ended by one LF.
        bounds: Where each physical line begins in `raw`, blank ones too, and where the last one ends.
        numbers: 1-based physical line number of each line that is not blank, shape (n,).
        ascii: Whether each of these lines is pure ASCII, shape (n,).
    """

    raw: bytes
    bounds: NDArray[np.int64]
    numbers: NDArray[np.int64]
    ascii: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, index: int) -> bytes:
        """Return the line at a 0-based index, without its line end."""
        number = self.numbers[index]
        return self.raw[self.bounds[number - 1] : self.bounds[number] - 1]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Length of each line in bytes, without its line end, shape (n,)."""
        return np.diff(self.bounds)[self.numbers - 1] - 1


def wide_encoding(raw: bytes) -> str | None:
    """Name the encoding, UTF-16 or UTF-32, that the byte-order mark announces, if any."""
    return next((name for mark, name in _WIDE_ENCODINGS if raw.startswith(mark)), None)


def split_lines(raw: bytes) -> Lines:
    """Split a batch at LF, CRLF and lone CR, without a copy of the text where it has only LF.

    Args:
        raw: The bytes of the batch. A UTF-8 byte-order mark is left out. UTF-16 and UTF-32 with a
            byte-order mark are converted, so that the lines of a refused batch can be counted and shown.

    Returns:
        The lines that are not blank.
    """
    encoding = wide_encoding(raw)
    if encoding is not None:
        raw = raw.decode(encoding, "replace").encode("utf-8", "replace")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not raw.endswith(b"\n"):
        raw += b"\n"
    letters = np.frombuffer(raw, dtype=np.uint8)
    bounds = np.concatenate([[0], np.flatnonzero(letters == _NEWLINE) + 1]).astype(np.int64)
    # The largest byte of a line tells at once whether it is blank and whether it is ASCII.
    largest = np.maximum.reduceat(letters, bounds[:-1])
    held = np.flatnonzero(largest > _BLANK_UP_TO)
    return Lines(raw=raw, bounds=bounds, numbers=held + 1, ascii=largest[held] <= _ASCII_UP_TO)
