"""Every bad input ends in an accepted row, a quarantined row or a quarantined batch, with a clear reason."""

import tracemalloc

import pytest

from abalone.pipelines.ingestion.nodes import validate_batches
from abalone.schema import COLUMN_NAMES

HEADER = ",".join(COLUMN_NAMES)
ROW = "M,0.455,0.365,0.095,0.514,0.2245,0.101,0.15,15"
OTHER_ROW = "F,0.53,0.42,0.135,0.677,0.2565,0.1415,0.21,9"


def ingest(raw: str | bytes):
    content = raw if isinstance(raw, bytes) else raw.encode()
    valid, quarantine, rows_in = validate_batches(
        {"batch.csv": lambda: content}, parts_tolerance=0.1, maximum_line_bytes=10_000
    )
    assert rows_in == {"batch": len(valid) + quarantine["rows"].sum()}
    return valid, quarantine


def rows(valid) -> list[list[object]]:
    return valid[list(COLUMN_NAMES)].to_numpy().tolist()


ROW_VALUES = ["M", 0.455, 0.365, 0.095, 0.514, 0.2245, 0.101, 0.15, 15]
OTHER_ROW_VALUES = ["F", 0.53, 0.42, 0.135, 0.677, 0.2565, 0.1415, 0.21, 9]


@pytest.mark.parametrize(
    "raw",
    [
        f"{HEADER}\n{ROW}\n{OTHER_ROW}\n",
        f"{HEADER}\n{ROW}\n{OTHER_ROW}",
        f"{HEADER}\r\n{ROW}\r\n{OTHER_ROW}\r\n",
        f"{HEADER}\r{ROW}\r{OTHER_ROW}",
        f"\ufeff{HEADER}\n{ROW}\n{OTHER_ROW}\n",
        f"\n{HEADER}\n\n{ROW}\n \t\n{OTHER_ROW}\n\n\n",
        f"{HEADER}\n{ROW.replace(',', ' , ')}\n\t{OTHER_ROW} \n",
        f"{HEADER}\n" + "\n".join('"' + row.replace(",", '","') + '"' for row in (ROW, OTHER_ROW)),
        f"{HEADER}\n{ROW.replace('M', chr(34) + 'M' + chr(34))}\n{OTHER_ROW}\n",
    ],
    ids=["LF", "no last line end", "CRLF", "CR", "UTF-8 BOM", "blank lines", "blanks", "all quoted", "some quoted"],
)
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


@pytest.mark.parametrize(
    ("raw", "reason", "refused_rows"),
    [
        ("", "batch is empty", 0),
        ("\n \n", "batch is empty", 0),
        ("\ufeff", "batch is empty", 0),
        (f"{HEADER}\n", "batch has a header and no rows", 0),
        (f"{ROW}\n{OTHER_ROW}\n", "batch has no header line", 2),
        (f"{HEADER}\n{ROW}\n{OTHER_ROW}\n".replace(",", ";"), "separated by semicolons", 2),
        (f"{HEADER}\n{ROW}\n".replace(",", "\t"), "separated by tabs", 1),
        (f"{ROW}\n{ROW}\n".replace(",", "|"), "separated by bars", 2),
        (f"{HEADER.removesuffix(',rings')}\n{ROW}\n", "missing 'rings'", 1),
        (f"{HEADER},site\n{ROW},7\n", "unknown 'site'", 1),
        (f"{HEADER},rings\n{ROW},7\n", "repeated 'rings'", 1),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), "encoded as UTF-16: save the file as UTF-8", 1),
        (f"{HEADER}\n{ROW}\n".encode("utf-32"), "encoded as UTF-32: save the file as UTF-8", 1),
        (f"{HEADER}\n{ROW}\n".encode("utf-16-le"), "NUL bytes", 1),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL bytes", 1),
        (f"{HEADER}\n{ROW}\n{OTHER_ROW[:9]}\0".encode(), "NUL bytes", 2),
        (f"{HEADER}é\n{ROW}\n".encode("latin-1"), "not UTF-8", 1),
        (b"\x1f\x8b\x08 compressed \xff\xfe", "not UTF-8", 0),
        ("x" * 10_001 + f"\n{ROW}\n", "first line that is too long", 1),
        ("hello, world", "missing 'sex'", 0),
    ],
    ids=[
        "empty file", "only blank lines", "only a BOM", "header only", "no header", "semicolons", "tabs",
        "bars without header", "missing column", "extra column", "duplicated column", "UTF-16", "UTF-32",
        "UTF-16 without BOM", "binary file", "NUL in a row", "Latin-1 header", "compressed", "long header", "prose",
    ],
)  # fmt: skip
def test_unreadable_batch_is_quarantined_whole_with_all_its_rows(raw, reason, refused_rows):
    valid, quarantine = ingest(raw)

    assert valid.empty
    assert quarantine["line"].tolist() == [0]
    assert reason in quarantine["reasons"][0]
    assert quarantine["rows"].tolist() == [refused_rows]


def with_value(column: str, value: str) -> str:
    fields = ROW.split(",")
    fields[COLUMN_NAMES.index(column)] = value
    return ",".join(fields)


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        (with_value("length", '"0,455"'), "length is not a plain decimal number: '0,455' (decimal comma"),
        (with_value("length", '"1,000.5"'), "length is not a plain decimal number: '1,000.5' (decimal comma or thou"),
        (ROW.replace(".", ","), "line has the wrong number of fields: 16 instead of 9 (decimal commas"),
        (with_value("height", "nan"), "height is not finite: 'nan'"),
        (with_value("height", "inf"), "height is not finite: 'inf'"),
        (with_value("height", "1e999"), "height is not finite: '1e999'"),
        (with_value("height", "-0.1"), "height is not above 0: -0.1"),
        (with_value("height", "0"), "height is not above 0: 0.0"),
        (with_value("height", "1e-999"), "height is not above 0: 0.0"),
        (with_value("height", ""), "height is missing"),
        (with_value("height", "tall"), "height is not a plain decimal number: 'tall'"),
        (with_value("whole_weight", "514"), "whole_weight is above 10 (g / 200): 514.0"),
        (with_value("rings", "61"), "rings is above 60 (count): 61.0"),
        (with_value("rings", "9.5"), "rings is not a whole number: 9.5"),
        (with_value("rings", "0"), "rings is not above 0: 0.0"),
        (with_value("sex", "m"), "sex is not one of M, F, I: 'm'"),
        (with_value("sex", ""), "sex is missing"),
        (with_value("sex", "Ж"), "sex is not one of M, F, I: 'Ж'"),
        (with_value("height", "0.365"), "height_below_diameter is broken: height 0.365, diameter 0.365"),
        (with_value("diameter", "0.5"), "diameter_within_length is broken: diameter 0.5, length 0.455"),
        (with_value("shell_weight", "0.6"), "shell_within_whole is broken: shell_weight 0.6, whole_weight 0.514"),
        (ROW.removesuffix(",15"), "line has the wrong number of fields: 8 instead of 9"),
        (f"{ROW},", "line has the wrong number of fields: 10 instead of 9"),
        ("nothing", "line has the wrong number of fields: 1 instead of 9"),
        (f'"{ROW}', "line has a quote that is not closed or is out of place"),
        (f'"M"{ROW}', "line has a quote that is not closed or is out of place"),
        (with_value("length", '"0.4"55'), "line has a quote that is not closed or is out of place"),
        (with_value("length", '0.4""55'), "length is not a plain decimal number: '0.4\"\"55'"),
        ("x" * 10_001, "line is longer than 10,000 bytes: 10,001 bytes"),
    ],
)  # fmt: skip
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
