"""Bytes of one batch to typed rows, or the reason why the batch as a whole cannot be read."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from abalone.pipelines.ingestion.faults import Fault
from abalone.pipelines.ingestion.fields import LINE, split_fields
from abalone.pipelines.ingestion.header import HeaderError, read_header
from abalone.pipelines.ingestion.lines import Lines, split_lines, wide_encoding
from abalone.pipelines.ingestion.numeric import BLANKS, parse_numbers
from abalone.schema import COLUMN_NAMES, NUMBERS, RINGS, SEX

_NO_FIELDS = pa.schema([(LINE, pa.int64()), *((name, pa.string()) for name in COLUMN_NAMES)])


@dataclass(frozen=True)
class Batch:
    """A batch as read.

    Attributes:
        lines: Its lines.
        rows: How many of them are rows: all that are not blank, without the header.
        table: Columns `line` (int64), sex (text) and the numbers (float64), NaN where there is a fault;
            a row for each line that splits into fields.
        faults: What is wrong with its lines, as far as reading tells.
        refusal: Why the batch cannot be read at all, or "".
    """

    lines: Lines
    rows: int
    table: pd.DataFrame
    faults: list[Fault]
    refusal: str = ""


def read_batch(raw: bytes, maximum_line_bytes: int) -> Batch:
    """Read a batch, whatever its bytes are.

    Args:
        raw: Content of the landing file.
        maximum_line_bytes: Longer lines are a fault.

    Returns:
        Its typed rows with the faults found on the way. No bytes make it raise.
    """
    lines = split_lines(raw)
    refusal = _unreadable(raw, lines, maximum_line_bytes)
    if refusal:
        return _refused(lines, refusal)
    try:
        names = read_header(lines[0])
    except HeaderError as error:
        return _refused(lines, str(error), headers=0 if error.is_data else 1)
    if len(lines) == 1:
        return _refused(lines, "batch has a header and no rows: add rows, or remove the file")
    fields, split_faults = split_fields(lines, names, maximum_line_bytes)
    table, value_faults = _typed(fields)
    return Batch(lines, len(lines) - 1, table, split_faults + value_faults)


def _unreadable(raw: bytes, lines: Lines, maximum_line_bytes: int) -> str:
    encoding = wide_encoding(raw)
    if encoding is not None:
        return f"batch is encoded as {encoding}: save the file as UTF-8"
    if b"\0" in raw:
        return "batch is binary, with NUL bytes: export it as plain CSV, encoded as UTF-8"
    if not len(lines):
        return "batch is empty: put a header line and rows into the file, or remove it"
    if lines.lengths[0] > maximum_line_bytes:
        return (
            f"batch has a first line that is too long: {lines.lengths[0]:,} bytes, "
            f"at most {maximum_line_bytes:,} are read"
        )
    return ""


def _refused(lines: Lines, reason: str, headers: int = 1) -> Batch:
    nothing, faults = _typed(_NO_FIELDS.empty_table())
    return Batch(lines, max(0, len(lines) - headers), nothing, faults, refusal=reason)


def _typed(fields: pa.Table) -> tuple[pd.DataFrame, list[Fault]]:
    numbers = np.array(fields[LINE])
    sex = pc.ascii_trim(fields[SEX.name], characters=BLANKS)
    missing = np.array(pc.equal(sex, ""), dtype=bool)
    faults = [Fault(number, f"{SEX.name} is missing") for number in numbers[missing].tolist()]
    known_sex = pc.if_else(pa.array(missing), None, sex)
    columns = {LINE: numbers, SEX.name: known_sex.to_pandas().astype("str")}
    for column in (*NUMBERS, RINGS):
        columns[column.name], more_faults = parse_numbers(column.name, fields[column.name], numbers)
        faults += more_faults
    return pd.DataFrame(columns, copy=False), faults
