"""Every bad input ends in an accepted row, a quarantined row or a quarantined batch, with a clear reason."""

import tracemalloc

import pytest

from abalone.pipelines.ingestion.nodes import validate_batches
from abalone.schema import COLUMN_NAMES
from support.batches import BAD_ROWS, HEADER, OTHER_ROW, ROW, UNREADABLE, WELL_FORMED, as_bytes, with_value


def ingest(raw: str | bytes):
    content = as_bytes(raw)
    valid, quarantine, rows_in = validate_batches(
        {"batch.csv": lambda: content}, parts_tolerance=0.1, maximum_line_bytes=10_000
    )
    assert rows_in == {"batch": len(valid) + quarantine["rows"].sum()}
    return valid, quarantine


def rows(valid) -> list[list[object]]:
    return valid[list(COLUMN_NAMES)].to_numpy().tolist()


ROW_VALUES = ["M", 0.455, 0.365, 0.095, 0.514, 0.2245, 0.101, 0.15, 15]
OTHER_ROW_VALUES = ["F", 0.53, 0.42, 0.135, 0.677, 0.2565, 0.1415, 0.21, 9]


@pytest.mark.parametrize("raw", WELL_FORMED.values(), ids=WELL_FORMED)
def test_well_formed_variants_give_the_same_measurements(raw):
    valid, quarantine = ingest(raw)

    assert rows(valid) == [ROW_VALUES, OTHER_ROW_VALUES]
    assert quarantine.empty


def test_reordered_columns_are_read_by_name():
    header, row = (",".join(reversed(line.split(","))) for line in (HEADER, ROW))

    valid, _ = ingest(f"{header}\n{row}\n")

    assert rows(valid) == [ROW_VALUES]


def test_stored_rows_have_fixed_types_and_physical_line_numbers():
    valid, _ = ingest(f"{HEADER}\n\n{ROW}\n")

    assert valid.dtypes.astype(str).to_dict() == {
        "batch": "str",
        "line": "int64",
        "sex": "str",
        **dict.fromkeys(COLUMN_NAMES[1:-1], "float64"),
        "rings": "int64",
        "flags": "str",
    }
    assert valid["line"].tolist() == [3]


@pytest.mark.parametrize(("raw", "reason", "refused_rows"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_batch_is_quarantined_whole_with_all_its_rows(raw, reason, refused_rows):
    valid, quarantine = ingest(raw)

    assert valid.empty
    assert quarantine["line"].tolist() == [0]
    assert reason in quarantine["reasons"][0]
    assert quarantine["rows"].tolist() == [refused_rows]


@pytest.mark.parametrize(("row", "reasons"), BAD_ROWS)
def test_bad_row_is_quarantined_alone_with_its_line_and_reason(row, reasons):
    valid, quarantine = ingest(f"{HEADER}\n{ROW}\n{row}\n{OTHER_ROW}\n")

    assert rows(valid) == [ROW_VALUES, OTHER_ROW_VALUES]
    assert quarantine["line"].tolist() == [3]
    assert quarantine["reasons"][0].startswith(reasons)


def test_row_in_another_encoding_is_quarantined_alone_and_shown_escaped():
    valid, quarantine = ingest(f"{HEADER}\n{ROW}\nM\xe9,1\n{OTHER_ROW}\n".encode("latin-1"))

    assert rows(valid) == [ROW_VALUES, OTHER_ROW_VALUES]
    assert quarantine["reasons"].tolist() == ["line is not UTF-8: byte 0xe9 at position 2"]
    assert quarantine["raw_line"].tolist() == [r"M\xe9,1"]


def test_open_quote_does_not_swallow_the_lines_below_it():
    valid, quarantine = ingest(f'{HEADER}\n"M\n{ROW}\n{OTHER_ROW}"\n{OTHER_ROW}\n')

    assert rows(valid) == [ROW_VALUES, OTHER_ROW_VALUES]
    assert quarantine["line"].tolist() == [2, 4]


def test_row_gets_every_reason_that_applies():
    _, quarantine = ingest(f"{HEADER}\nX,,0.3,0.4,1e999,0x1,-1,0.15,9.5\n")

    assert quarantine["reasons"][0].split("; ") == [
        "length is missing",
        "whole_weight is not finite: '1e999'",
        "shucked_weight is not a plain decimal number: '0x1'",
        "sex is not one of M, F, I: 'X'",
        "viscera_weight is not above 0: -1.0",
        "rings is not a whole number: 9.5",
        "height_below_diameter is broken: height 0.4, diameter 0.3",
    ]


def test_integer_written_with_a_point_is_an_integer():
    valid, _ = ingest(f"{HEADER}\n{with_value('rings', '15.0')}\n")

    assert rows(valid) == [ROW_VALUES]


@pytest.mark.parametrize("raw_line", ["a\x1b[31mred\x07", "tab\there", "\u202eevil"])
def test_raw_line_is_printable(raw_line):
    _, quarantine = ingest(f"{HEADER}\n{raw_line}\n")

    assert quarantine["raw_line"][0].isprintable()
    assert quarantine["reasons"][0].isprintable()


def test_line_of_100_megabytes_is_quarantined_cheaply_with_its_true_length():
    start, end = f"{HEADER}\n{ROW}\n".encode(), f"\n{OTHER_ROW}\n".encode()
    raw = start + b"7" * 100_000_000 + end
    tracemalloc.start()

    valid, quarantine = ingest(raw)

    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows(valid) == [ROW_VALUES, OTHER_ROW_VALUES]
    assert quarantine["reasons"].tolist() == ["line is longer than 10,000 bytes: 100,000,000 bytes"]
    assert quarantine["raw_line"][0].endswith("777... (100,000,000 bytes)")
    assert len(quarantine["raw_line"][0]) < 3_000
    assert peak_bytes < 3 * len(raw)
