import numpy as np
import pyarrow as pa
import pytest

from abalone.pipelines.ingestion.numeric import parse_numbers


def parse(text: str) -> tuple[float, list[str]]:
    values, faults = parse_numbers("length", pa.chunked_array([[text]]), np.array([7]))
    assert all(line == 7 for line, _ in faults)
    return values[0], [reason for _, reason in faults]


@pytest.mark.parametrize("text", ["0.455", "1", "1.", ".5", "-0.5", "4.55e-1", "4.55E+1", "007", " 0.455\t", "-0"])
def test_plain_decimal_numbers_are_parsed_as_python_does(text):
    assert parse(text) == (float(text), [])


@pytest.mark.parametrize(
    "text",
    ["1_000", "0x10", "+1", "1e", "e5", ".", "-", "--1", "1 2", "1f", "0.5.5", "٣", "½", "1\u00a0", "TRUE", "N/A"],
)
def test_anything_else_is_no_number(text):
    value, reasons = parse(text)

    assert np.isnan(value)
    assert reasons[0].startswith("length is not a plain decimal number: ")


@pytest.mark.parametrize("text", ["0,455", "1,234.5", "1.234,5", "1'234", "1 234", "1\u202f234", "+1,5"])
def test_separators_in_a_number_are_explained(text):
    _, (reason,) = parse(text)

    assert "decimal comma or thousands separator?" in reason


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("+0.4565", "leave out the plus sign"),
        ("+1e-1", "leave out the plus sign"),
        ("1_0", "leave out the underscores"),
        ("1_000.5", "leave out the underscores"),
    ],
)
def test_other_spellings_of_a_number_are_refused_with_what_to_change(text, hint):
    _, (reason,) = parse(text)

    assert reason == f"length is not a plain decimal number: {text!r} ({hint})"


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-inf", "Infinity", "1e999", "-1e999", "9" * 400])
def test_what_is_not_finite_is_no_number(text):
    value, (reason,) = parse(text)

    assert np.isnan(value)
    assert reason.startswith("length is not finite: ")


@pytest.mark.parametrize("text", ["", " ", "\t"])
def test_missing_value_is_its_own_reason(text):
    assert parse(text)[1] == ["length is missing"]


def test_long_value_is_shortened_in_the_reason():
    _, (reason,) = parse("x" * 9_000)

    assert len(reason) < 100
