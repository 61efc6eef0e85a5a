"""Bodies that are made to take long."""

import json
import time

import pytest

from abalone.serving.faults import RequestError
from abalone.serving.formats import Format, format_of_answer, format_of_request, read, read_sound
from abalone.serving.formats.batch import MAX_ROWS

MIB = 1024 * 1024
MANY_SECONDS = 20
"""For what is refused in well under one."""


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (Format.JSON, b"[" + b"{}," * (8 * MIB) + b"{}]"),
        (Format.JSON, b"[" + b"0," * (8 * MIB) + b"0]"),
        (Format.JSON_LINES, b"0\n" * (12 * MIB)),
        (Format.CSV, b",\n" * (12 * MIB)),
        (Format.CSV, b"0\r" * (12 * MIB)),
    ],
)
def test_more_rows_than_are_answered_are_refused_before_they_are_looked_into(form: Format, body: bytes) -> None:
    began = time.monotonic()

    with pytest.raises(RequestError) as refused:
        read(form, body)

    assert (refused.value.status, refused.value.fault.code) == (413, "too_many_rows")
    assert time.monotonic() - began < MANY_SECONDS


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (Format.JSON, b"[" + b"{}," * (MAX_ROWS - 1) + b"{}]"),
        (Format.JSON_LINES, b"0\n" * MAX_ROWS),
        (Format.CSV, b"0\n" * (MAX_ROWS - 1)),
    ],
)
def test_body_in_which_next_to_nothing_is_right_is_refused_whole(form: Format, body: bytes) -> None:
    with pytest.raises(RequestError) as refused:
        read(form, body)

    assert (refused.value.status, refused.value.fault.code) == (422, "too_many_problems")


@pytest.mark.parametrize(("form", "body"), [(Format.JSON, b"[{}]"), (Format.JSON_LINES, b"0"), (Format.CSV, b"0")])
def test_what_cannot_be_read_at_once_is_left_to_a_closer_look(form: Format, body: bytes) -> None:
    assert read_sound(form, body) is None
    assert read(form, body).problems


def test_sound_rows_are_read_at_once() -> None:
    animal = json.loads(
        '{"sex": "M", "length": 0.5, "diameter": 0.4, "height": 0.1, "whole_weight": 0.5, "shucked_weight": 0.2,'
        ' "viscera_weight": 0.1, "shell_weight": 0.1}'
    )
    bodies = {
        Format.JSON: json.dumps([animal]),
        Format.JSON_LINES: json.dumps(animal),
        Format.CSV: ",".join(map(str, animal.values())),
    }

    batches = [read_sound(form, body.encode()) for form, body in bodies.items()]

    assert all(batch is not None and list(batch.sexes) == ["M"] for batch in batches)


def test_header_that_is_made_to_take_long_is_refused_at_once() -> None:
    header = "text/csv; a=" + '";' * 30_000
    began = time.monotonic()

    with pytest.raises(RequestError) as content_type:
        format_of_request(header)
    with pytest.raises(RequestError) as accept:
        format_of_answer("image/png; a=" + '";' * 30_000, Format.CSV)

    assert (content_type.value.status, accept.value.status) == (415, 406)
    assert time.monotonic() - began < MANY_SECONDS / 10
