"""Formats of requests and answers."""

import pytest

from abalone.serving.faults import RequestError
from abalone.serving.formats import Format, WrittenFormat, format_of_answer, format_of_request, read


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", Format.JSON),
        ("Application/JSON; charset=UTF-8", Format.JSON),
        ("text/csv; header=present", Format.CSV),
        ("application/jsonlines", Format.JSON_LINES),
        ("application/x-ndjson", Format.JSON_LINES),
    ],
)
def test_content_type_names_the_format(content_type: str, expected: Format) -> None:
    assert format_of_request(content_type) is expected


@pytest.mark.parametrize("content_type", ["", "text/plain", "text/html", "json", "*/*", "text/csv; charset=latin-1"])
def test_other_content_type_is_refused(content_type: str) -> None:
    with pytest.raises(RequestError) as refused:
        format_of_request(content_type)

    assert refused.value.status == 415


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", WrittenFormat(Format.CSV)),
        ("*/*", WrittenFormat(Format.CSV)),
        ("application/json", WrittenFormat(Format.JSON)),
        ("text/html, application/*;q=0.8, */*;q=0.1", WrittenFormat(Format.JSON)),
        ("text/*", WrittenFormat(Format.CSV)),
        ("application/json;q=0.2, application/jsonlines;q=0.5", WrittenFormat(Format.JSON_LINES)),
        ("text/csv; header=absent", WrittenFormat(Format.CSV, header=False)),
        ("text/csv; header=present", WrittenFormat(Format.CSV, header=True)),
    ],
)
def test_accept_decides_the_format_of_the_answer(accept: str, expected: WrittenFormat) -> None:
    assert format_of_answer(accept, Format.CSV) == expected


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json;q=0", "application/json;q=nan", "image/*, text/plain"]
)
def test_accept_that_cannot_be_met_is_refused(accept: str) -> None:
    with pytest.raises(RequestError) as refused:
        format_of_answer(accept, Format.CSV)

    assert refused.value.status == 406


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (Format.JSON, b"[]"),
        (Format.JSON, b'{"instances":[]}'),
        (Format.JSON_LINES, b"\n"),
        (Format.CSV, b""),
        (Format.CSV, b"\r\n\r\n"),
    ],
)
def test_request_without_rows_is_refused(form: Format, body: bytes) -> None:
    with pytest.raises(RequestError) as refused:
        read(form, body)

    assert (refused.value.status, refused.value.fault.code) == (422, "no_rows")
