"""Lines of a batch to a table of text fields, one column each, and the lines that do not split."""

import csv

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from abalone.pipelines.ingestion.faults import Fault
from abalone.pipelines.ingestion.lines import Lines

LINE = "line"
_BLOCK_BYTES = 1 << 22
# PyArrow would leave out a byte-order mark that the first of the plain lines begins with.
_PLAIN_FIELD = r'(?:"[^",\n\x{feff}]*"|[^",\n\x{feff}]*)'


def split_fields(lines: Lines, names: tuple[str, ...], maximum_line_bytes: int) -> tuple[pa.Table, list[Fault]]:
    """Split the lines below the header into fields of text.

    Lines in which quotes, if any, enclose whole fields without commas and quotes, are split all at once. Any other line
    is read alone, so that a quote which is never closed cannot swallow the lines below it: a field may not span lines.

    Args:
        lines: The lines of the batch; the first is the header.
        names: Column names, in the order of the header.
        maximum_line_bytes: Longer lines are a fault, and are not looked into.

    Returns:
        A table of the lines that split into one field a column: `line` (int64) and a column of text for each name,
        sorted by line; and a fault for each of the others.
    """
    readable, faults = _readable(lines, maximum_line_bytes)
    text, numbers = _as_text(lines, readable), lines.numbers[readable]
    is_plain = pc.match_substring_regex(text, _plain_line(len(names)))
    plain_rows = np.array(is_plain, dtype=bool)
    plain = _split_plain(text.filter(is_plain), names, numbers[plain_rows], maximum_line_bytes)
    others, more_faults = _split_others(text.filter(pc.invert(is_plain)), names, numbers[~plain_rows])
    return pa.concat_tables([plain, others]).sort_by(LINE) if len(others) else plain, faults + more_faults


def _readable(lines: Lines, maximum_line_bytes: int) -> tuple[NDArray[np.bool_], list[Fault]]:
    """Choose the rows that are short enough and valid UTF-8."""
    faults = []
    is_row = np.arange(len(lines)) > 0
    lengths = lines.lengths
    too_long = is_row & (lengths > maximum_line_bytes)
    for line, length in zip(lines.numbers[too_long].tolist(), lengths[too_long].tolist(), strict=True):
        faults.append(Fault(line, f"line is longer than {maximum_line_bytes:,} bytes: {length:,} bytes"))
    readable = is_row & ~too_long
    for index in np.flatnonzero(readable & ~lines.ascii).tolist():
        try:
            lines[index].decode("utf-8")
        except UnicodeDecodeError as error:
            where = f"byte 0x{error.object[error.start]:02x} at position {error.start + 1}"
            faults.append(Fault(int(lines.numbers[index]), f"line is not UTF-8: {where}"))
            readable[index] = False
    return readable, faults


def _plain_line(fields: int) -> str:
    return rf"\A{_PLAIN_FIELD}(?:,{_PLAIN_FIELD}){{{fields - 1}}}\n\z"


def _as_text(lines: Lines, chosen: NDArray[np.bool_]) -> pa.LargeStringArray:
    """View the raw text as one string a line, line ends included, and copy the chosen ones out."""
    count = len(lines.bounds) - 1
    wanted = np.zeros(count, dtype=bool)
    wanted[lines.numbers[chosen] - 1] = True
    buffers = [None, pa.py_buffer(lines.bounds), pa.py_buffer(lines.raw)]
    everything = pa.Array.from_buffers(pa.large_binary(), count, buffers)
    return everything.filter(pa.array(wanted)).cast(pa.large_string())


def _split_plain(
    text: pa.LargeStringArray,
    names: tuple[str, ...],
    numbers: NDArray[np.int64],
    maximum_line_bytes: int,
) -> pa.Table:
    if not len(text):
        return _table(names, numbers, [pa.array([], pa.string())] * len(names))
    text = pc.replace_substring(text, '"', "")
    end = np.frombuffer(text.buffers()[1], dtype=np.int64)[len(text)]
    table = pyarrow.csv.read_csv(
        pa.BufferReader(text.buffers()[2][: int(end)]),
        read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=max(_BLOCK_BYTES, 2 * maximum_line_bytes)),
        parse_options=pyarrow.csv.ParseOptions(quote_char=False, double_quote=False, ignore_empty_lines=False),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    return _table(names, numbers, table.columns)


def _split_others(
    text: pa.LargeStringArray, names: tuple[str, ...], numbers: NDArray[np.int64]
) -> tuple[pa.Table, list[Fault]]:
    rows: list[list[str]] = []
    kept: list[int] = []
    faults = []
    for number, line in zip(numbers.tolist(), text.to_pylist(), strict=True):
        try:
            fields = next(csv.reader([line.removesuffix("\n")], strict=True))
        except csv.Error as error:
            faults.append(Fault(number, f"line has a quote that is not closed or is out of place: {error}"))
            continue
        if len(fields) == len(names):
            rows.append(fields)
            kept.append(number)
        else:
            faults.append(_wrong_count(number, len(fields), len(names)))
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(len(names))]
    return _table(names, np.array(kept, dtype=np.int64), columns), faults


def _table(names: tuple[str, ...], numbers: NDArray[np.int64], columns: list[pa.Array]) -> pa.Table:
    return pa.table([pa.array(numbers, pa.int64()), *columns], names=[LINE, *names])


def _wrong_count(line: int, found: int, expected: int) -> Fault:
    hint = " (decimal commas, or a comma in a field without quotes?)" if found > expected else ""
    return Fault(line, f"line has the wrong number of fields: {found} instead of {expected}{hint}")
