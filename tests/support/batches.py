"""Batches as people send them: well formed in many ways, unreadable, or with one bad row."""

from abalone.schema import COLUMN_NAMES

HEADER = ",".join(COLUMN_NAMES)
ROW = "M,0.455,0.365,0.095,0.514,0.2245,0.101,0.15,15"
OTHER_ROW = "F,0.53,0.42,0.135,0.677,0.2565,0.1415,0.21,9"


def with_value(column: str, value: str) -> str:
    fields = ROW.split(",")
    fields[COLUMN_NAMES.index(column)] = value
    return ",".join(fields)


WELL_FORMED: dict[str, str] = {
    "LF": f"{HEADER}\n{ROW}\n{OTHER_ROW}\n",
    "no last line end": f"{HEADER}\n{ROW}\n{OTHER_ROW}",
    "CRLF": f"{HEADER}\r\n{ROW}\r\n{OTHER_ROW}\r\n",
    "CR": f"{HEADER}\r{ROW}\r{OTHER_ROW}",
    "UTF-8 BOM": f"\ufeff{HEADER}\n{ROW}\n{OTHER_ROW}\n",
    "blank lines": f"\n{HEADER}\n\n{ROW}\n \t\n{OTHER_ROW}\n\n\n",
    "blanks": f"{HEADER}\n{ROW.replace(',', ' , ')}\n\t{OTHER_ROW} \n",
    "all quoted": f"{HEADER}\n" + "\n".join('"' + row.replace(",", '","') + '"' for row in (ROW, OTHER_ROW)),
    "some quoted": f"{HEADER}\n{ROW.replace('M', chr(34) + 'M' + chr(34))}\n{OTHER_ROW}\n",
}
"""Each says `ROW` and `OTHER_ROW`, by what is special about it."""

UNREADABLE: dict[str, tuple[str | bytes, str, int]] = {
    "empty file": ("", "batch is empty", 0),
    "only blank lines": ("\n \n", "batch is empty", 0),
    "only a BOM": ("\ufeff", "batch is empty", 0),
    "header only": (f"{HEADER}\n", "batch has a header and no rows", 0),
    "no header": (f"{ROW}\n{OTHER_ROW}\n", "batch has no header line", 2),
    "semicolons": (f"{HEADER}\n{ROW}\n{OTHER_ROW}\n".replace(",", ";"), "separated by semicolons", 2),
    "tabs": (f"{HEADER}\n{ROW}\n".replace(",", "\t"), "separated by tabs", 1),
    "bars without header": (f"{ROW}\n{ROW}\n".replace(",", "|"), "separated by bars", 2),
    "missing column": (f"{HEADER.removesuffix(',rings')}\n{ROW}\n", "missing 'rings'", 1),
    "extra column": (f"{HEADER},site\n{ROW},7\n", "unknown 'site'", 1),
    "duplicated column": (f"{HEADER},rings\n{ROW},7\n", "repeated 'rings'", 1),
    "UTF-16": (f"{HEADER}\n{ROW}\n".encode("utf-16"), "encoded as UTF-16: save the file as UTF-8", 1),
    "UTF-32": (f"{HEADER}\n{ROW}\n".encode("utf-32"), "encoded as UTF-32: save the file as UTF-8", 1),
    "UTF-16 without BOM": (f"{HEADER}\n{ROW}\n".encode("utf-16-le"), "NUL bytes", 1),
    "binary file": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL bytes", 1),
    "NUL in a row": (f"{HEADER}\n{ROW}\n{OTHER_ROW[:9]}\0".encode(), "NUL bytes", 2),
    "Latin-1 header": (f"{HEADER}é\n{ROW}\n".encode("latin-1"), "not UTF-8", 1),
    "compressed": (b"\x1f\x8b\x08 compressed \xff\xfe", "not UTF-8", 0),
    "long header": ("x" * 10_001 + f"\n{ROW}\n", "first line that is too long", 1),
    "prose": ("hello, world", "missing 'sex'", 0),
}
"""The batch, the reason of its refusal, and its rows, by what is wrong with it."""

# fmt: off
BAD_ROWS: list[tuple[str, str]] = [
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
]
# fmt: on
"""The row, and how the reason of its refusal begins."""


def as_bytes(raw: str | bytes) -> bytes:
    return raw if isinstance(raw, bytes) else raw.encode()
