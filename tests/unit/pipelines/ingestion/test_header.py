import pytest

from abalone.pipelines.ingestion.header import HeaderError, read_header
from abalone.schema import COLUMN_NAMES

HEADER = ",".join(COLUMN_NAMES)
ROW = "M,0.455,0.365,0.095,0.514,0.2245,0.101,0.15,15"


def refusal(line: str | bytes) -> HeaderError:
    with pytest.raises(HeaderError) as caught:
        read_header(line if isinstance(line, bytes) else line.encode())
    return caught.value


def test_header_in_another_order_is_read_by_name():
    assert read_header(",".join(reversed(COLUMN_NAMES)).encode()) == COLUMN_NAMES[::-1]


def test_names_may_be_quoted_and_surrounded_by_blanks():
    line = ", ".join(f'"{name}"' if name == "sex" else f" {name} " for name in COLUMN_NAMES)

    assert read_header(line.encode()) == COLUMN_NAMES


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (HEADER.removesuffix(",rings"), "missing 'rings'"),
        (f"{HEADER},site", "unknown 'site'"),
        (f"{HEADER},rings", "repeated 'rings'"),
        (HEADER.replace("rings", "age"), "missing 'rings', unknown 'age'"),
        (HEADER.title(), "unknown 'Sex'"),
        (f"{HEADER},", "unknown ''"),
    ],
    ids=["missing", "extra", "duplicated", "renamed", "capitalised", "unnamed"],
)
def test_wrong_columns_are_named(line, told):
    error = refusal(line)

    assert told in str(error)
    assert HEADER in str(error)
    assert not error.is_data


@pytest.mark.parametrize(("delimiter", "called"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (" ", "blanks")])
def test_wrong_delimiter_is_named(delimiter, called):
    error = refusal(HEADER.replace(",", delimiter))

    assert f"separated by {called}" in str(error)
    assert not error.is_data


@pytest.mark.parametrize("row", [ROW, ROW.replace(",", "\t"), ROW.replace(",", ";").replace(".", ",")])
def test_first_line_with_numbers_is_known_as_data(row):
    assert refusal(row).is_data


def test_missing_header_line_is_told_with_the_line_to_add():
    assert str(refusal(ROW)) == f"batch has no header line: the first line must be {HEADER}"


def test_header_in_another_encoding_is_refused_with_the_remedy():
    assert "save the file as UTF-8" in str(refusal(HEADER.replace("sex", "sexé").encode("latin-1")))


def test_header_with_an_open_quote_is_refused():
    assert "not CSV" in str(refusal(f'"{HEADER}'))


def test_reason_stays_short_and_in_one_piece_whatever_the_names_are():
    error = refusal(",".join(["sex", *(f"x; {place}" for place in range(500))]))

    assert "491 more" in str(error)
    assert "; " not in str(error)
    assert len(str(error)) < 600
