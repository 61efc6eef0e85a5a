"""Rows as CSV."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abalone.schema import MEASUREMENT_NAMES, SEX
from abalone.serving.faults import RequestError
from abalone.serving.formats import Batch, Format, read
from abalone.serving.formats.csv_rows import OUTCOME_COLUMNS, write_csv
from abalone.serving.messages import Outcome, Prediction, Problem, Rejection

HEADER = ",".join(MEASUREMENT_NAMES)
LINE = "F,0.53,0.42,0.135,0.677,0.2565,0.1415,0.21"
NUMBERS = (0.53, 0.42, 0.135, 0.677, 0.2565, 0.1415, 0.21)

numbers = st.floats(allow_nan=False, allow_infinity=False)


def read_csv(body: bytes) -> Batch:
    return read(Format.CSV, body)


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_rows_without_header_are_in_the_order_of_the_schema(end: str) -> None:
    batch = read_csv(f"{LINE}\n\n{LINE}{end}".encode())

    assert (list(batch.sexes), list(batch.numbers), batch.has_header) == (["F", "F"], [NUMBERS, NUMBERS], False)


def test_header_may_have_any_order_case_and_further_columns() -> None:
    header = "Rings, Shell_Weight ,Viscera weight,shucked.weight,whole-weight,height,diameter,length,sex,note"

    batch = read_csv(f'{header}\n9,0.21,0.1415,0.2565,0.677,0.135,0.42,0.53,F,"a, ""b"""\n'.encode())

    assert (list(batch.sexes), list(batch.numbers), batch.has_header) == (["F"], [NUMBERS], True)


def test_byte_order_mark_is_no_part_of_the_header() -> None:
    assert read_csv(f"\ufeff{HEADER}\n{LINE}\n".encode()).numbers[0] == NUMBERS


@pytest.mark.parametrize("text", [".5", "5.", "+0.5", " 0.5 ", "5e-1", "00.5", '"0.5"'])
def test_notations_of_a_number_are_read(text: str) -> None:
    assert read_csv(f"M,{text},0.4,0.1,0.5,0.2,0.1,0.1".encode()).numbers[0][0] in {0.5, 5.0}


@pytest.mark.parametrize(
    "text", ["1_0", "nan", "inf", "0x1p3", "\uff11", "0,5", "", " ", "1e", "--1", "1 2", "]", "1],[1"]
)
def test_text_that_is_no_number_is_named_by_row_and_column(text: str) -> None:
    quoted = '"' + text + '"'
    batch = read_csv(f"{LINE}\nM,{quoted},0.4,0.1,0.5,0.2,0.1,0.1\n{LINE}".encode())

    assert [(problem.row, problem.column) for problem in batch.problems] == [(2, "length")]
    assert [batch.numbers[0], batch.numbers[2]] == [NUMBERS, NUMBERS]


def test_field_that_looks_like_rows_makes_no_row() -> None:
    smuggled = '"0.1,0.1,0.1,0.1,0.1,0.1,0.1],[0.1"'

    batch = read_csv(f"M,{smuggled},0.1,0.1,0.1,0.1,0.1,0.1".encode())

    assert [(problem.row, problem.column) for problem in batch.problems] == [(1, "length")]


def test_row_with_too_few_fields_is_named() -> None:
    batch = read_csv(f"{LINE}\nM,0.5\n".encode())

    assert [(problem.row, problem.code) for problem in batch.problems] == [(2, "wrong_field_count")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"sex,length,diameter\nM,0.5,0.4\n", "missing_columns"),
        (f"{HEADER},length\n{LINE},0.5\n".encode(), "repeated_columns"),
        (b"M,0.5\xff", "malformed_body"),
        (b'M,"0.5', "malformed_body"),
    ],
)
def test_body_that_is_not_rows_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(RequestError) as refused:
        read_csv(body)

    assert (refused.value.status, refused.value.fault.code) == (422, code)


@given(st.lists(st.tuples(st.sampled_from(SEX.values), *[numbers] * 7), min_size=1, max_size=20))
def test_what_python_writes_is_read_exactly(rows: list[tuple[str, ...]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)

    batch = read_csv(text.getvalue().encode())

    assert list(batch.sexes) == [row[0] for row in rows]
    assert [tuple(row) for row in batch.numbers] == [row[1:] for row in rows]


@given(
    st.lists(
        st.builds(Prediction, numbers, numbers, numbers, numbers)
        | st.builds(lambda text: Prediction(1.0, 0.5, 2.0, 2.5, [Problem("c", text, "height")]), st.text())
        | st.builds(lambda text: Rejection([Problem("c", text), Problem("d", text)]), st.text()),
        min_size=1,
        max_size=20,
    ),
    st.booleans(),
)
def test_what_is_written_can_be_read_by_python(outcomes: list[Outcome], header: bool) -> None:
    text = write_csv(outcomes, header=header).decode()

    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))

    if header:
        assert rows.pop(0) == list(OUTCOME_COLUMNS)
    assert len(rows) == len(outcomes)
    for row, outcome in zip(rows, outcomes, strict=True):
        if isinstance(outcome, Prediction):
            assert [float(value) for value in row[:4]] == [
                outcome.rings,
                outcome.lower_rings,
                outcome.upper_rings,
                outcome.age_years,
            ]
            assert row[4:] == ["; ".join(warning.message for warning in outcome.warnings), ""]
        else:
            assert row == ["", "", "", "", "", "; ".join(error.message for error in outcome.errors)]
