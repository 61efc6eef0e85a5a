"""Whatever the bytes are: no exception, no lost row, no wrong number."""

import csv
import math
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from abalone.pipelines.ingestion.nodes import drop_duplicates, report_ingestion, validate_batches
from abalone.schema import COLUMN_NAMES, IMPOSSIBLE, NUMBERS, RINGS, SEX

HEADER = ",".join(COLUMN_NAMES).encode()
LANDING_FILE = Path(__file__).parents[4] / "data" / "01_raw" / "landing" / "uci_abalone.csv"
REAL_LINES = LANDING_FILE.read_bytes().splitlines()[1:]
PLAIN_DECIMAL = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")

INSERTS = st.sampled_from(
    [
        b",",
        b'"',
        b'""',
        b";",
        b".",
        b"-",
        b"e9",
        b"0",
        b" ",
        b"\t",
        b"\r",
        b"\n",
        b"\xe9",
        b"\xc3\xa9",
        b"nan",
        b"_",
        b"\x0b",
    ]
)
FIELDS = st.one_of(
    st.sampled_from(
        ["M", "F", "I", "0.455", "0.3", "0.1", "15", "", "nan", "1e999", "0,455", '"', '"0.3"', "-0.1", "1e-1"]
    ),
    st.floats(0.01, 1.2).map(repr),
    st.integers(1, 60).map(str),
    st.text(max_size=6),
)


@st.composite
def mutated_lines(draw: st.DrawFn) -> bytes:
    line = draw(st.sampled_from(REAL_LINES))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(line)))
        line = line[:start] + draw(INSERTS) + line[start + draw(st.integers(0, 2)) :]
    return line


def random_lines() -> st.SearchStrategy[bytes]:
    return st.lists(FIELDS, min_size=8, max_size=10).map(lambda fields: ",".join(fields).encode())


def ingest(*batches: bytes):
    landing = {f"batch_{place}.csv": (lambda raw=raw: raw) for place, raw in enumerate(batches)}
    valid, quarantine, rows_in = validate_batches(landing, parts_tolerance=0.1, maximum_line_bytes=200)
    unique, duplicates = drop_duplicates(valid)
    report, _ = report_ingestion(unique, duplicates, quarantine, rows_in)
    return valid, quarantine, report


def expected_row(line: bytes) -> list[object] | None:
    """The oracle: Python's own csv module and float; None where the row must be refused."""
    try:
        fields = [field.strip(" \t") for field in next(csv.reader([line.decode()], strict=True))]
    except (UnicodeDecodeError, csv.Error):
        return None
    if len(line) > 200 or len(fields) != len(COLUMN_NAMES) or fields[0] not in SEX.values:
        return None
    if not all(PLAIN_DECIMAL.fullmatch(field) for field in fields[1:]):
        return None
    value = dict(zip(COLUMN_NAMES[1:], map(float, fields[1:]), strict=True))
    in_range = all(column.above < value[column.name] <= column.maximum for column in (*NUMBERS, RINGS))
    possible = all(
        sum(value[part] for part in rule.parts) < value[rule.whole]
        or (not rule.strict and sum(value[part] for part in rule.parts) == value[rule.whole])
        for rule in IMPOSSIBLE
    )
    whole_rings = math.isfinite(value["rings"]) and value["rings"].is_integer()
    return [fields[0], *value.values()] if in_range and possible and whole_rings else None


@settings(max_examples=60)
@given(
    lines=st.lists(st.one_of(mutated_lines(), random_lines()), max_size=12),
    end=st.sampled_from([b"\n", b"\r\n", b"\r"]),
)
@example(lines=[b'"M",0.455,0.365,0.095,0.514,0.2245,0.101,0.15,15'], end=b"\n")
@example(lines=[b'M,"0.4"55,0.365,0.095,0.514,0.2245,0.101,0.15,15'], end=b"\n")
def test_accepted_rows_are_exactly_those_that_a_strict_parser_accepts_with_equal_values(lines, end):
    raw = end.join([HEADER, *lines])

    valid, quarantine, report = ingest(raw)

    physical = re.split(rb"\r\n|\r|\n", raw)
    rows = {number: line for number, line in enumerate(physical[1:], start=2) if any(byte > ord(" ") for byte in line)}
    if b"\0" in raw or not rows:
        assert quarantine["line"].tolist() == [0]
        return
    expected = {number: row for number, line in rows.items() if (row := expected_row(line))}
    found = dict(zip(valid["line"], valid[list(COLUMN_NAMES)].to_numpy().tolist(), strict=True))
    assert found == expected
    assert set(quarantine["line"]) == set(rows) - set(expected)
    assert report["rows_in"] == len(rows)


@settings(max_examples=60)
@given(
    batches=st.lists(
        st.one_of(st.binary(max_size=300), st.binary(max_size=100).map((HEADER + b"\n").__add__)),
        min_size=1,
        max_size=3,
    )
)
@example(batches=[b"", HEADER, HEADER + b"\n", b"\0", b"\xff\xfe\0", b"\r", b'"'])
def test_arbitrary_bytes_are_accounted_for(batches):
    _, quarantine, report = ingest(*batches)

    assert report["rows_in"] == report["accepted"] + report["quarantined"] + report["duplicates"]
    assert quarantine["reasons"].str.len().min() > 0
    assert all(raw_line.isprintable() for raw_line in quarantine["raw_line"])


@settings(max_examples=30)
@given(text=st.text(max_size=200), encoding=st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-8-sig", "cp1252"]))
def test_text_in_any_encoding_is_accounted_for(text, encoding):
    _, _, report = ingest(text.encode(encoding, "replace"))

    assert report["accepted"] == 0
    assert report["rows_in"] == report["quarantined"]


@pytest.mark.parametrize("size", [1, 7])
def test_duplicates_across_batches_are_counted_once_accepted(size):
    raw = b"\n".join([HEADER, *REAL_LINES[:size]])

    _, _, report = ingest(raw, raw, raw)

    assert (report["accepted"], report["duplicates"]) == (size, 2 * size)
