"""Rows as JSON and as JSON Lines."""

import json

import pytest

from abalone.serving.faults import RequestError
from abalone.serving.formats import Batch, Format, read
from abalone.serving.formats.json_rows import write_json, write_json_lines
from abalone.serving.messages import Prediction, Problem, Rejection

ANIMAL = {
    "sex": "F",
    "length": 0.53,
    "diameter": 0.42,
    "height": 0.135,
    "whole_weight": 0.677,
    "shucked_weight": 0.2565,
    "viscera_weight": 0.1415,
    "shell_weight": 0.21,
}
NUMBERS = (0.53, 0.42, 0.135, 0.677, 0.2565, 0.1415, 0.21)


def read_json(body: bytes) -> Batch:
    return read(Format.JSON, body)


def read_json_lines(body: bytes) -> Batch:
    return read(Format.JSON_LINES, body)


@pytest.mark.parametrize("body", [[ANIMAL, ANIMAL], {"instances": [ANIMAL, ANIMAL]}])
def test_records_and_instances_are_the_same_rows(body: object) -> None:
    batch = read_json(json.dumps(body).encode())

    assert list(batch.sexes) == ["F", "F"]
    assert list(batch.numbers) == [NUMBERS, NUMBERS]
    assert batch.problems == []


def test_keys_may_come_in_any_order_and_beside_others() -> None:
    record = {"id": [1, {"a": None}], **dict(reversed(ANIMAL.items())), "rings": 9}

    assert list(read_json(json.dumps([record]).encode()).numbers) == [NUMBERS]


def test_whole_numbers_are_numbers() -> None:
    assert read_json(json.dumps([ANIMAL | {"length": 1}]).encode()).numbers[0][0] == 1.0


def test_every_value_that_cannot_be_read_is_named_by_row_and_column() -> None:
    rows = [ANIMAL, ANIMAL | {"length": "long", "sex": "X"}, {**ANIMAL, "height": None}, ANIMAL | {"diameter": True}]

    batch = read_json(json.dumps(rows).encode())

    assert [(problem.row, problem.column, problem.code) for problem in batch.problems] == [
        (2, "sex", "invalid_value"),
        (2, "length", "invalid_value"),
        (3, "height", "missing_value"),
        (4, "diameter", "invalid_value"),
    ]
    assert batch.problems[1].message == "length 'long' is not a number"
    assert batch.numbers[0] == NUMBERS


def test_value_out_of_range_is_read_and_left_to_the_rules() -> None:
    batch = read_json(json.dumps([ANIMAL | {"length": 7.5}]).encode())

    assert batch.problems == []
    assert batch.numbers[0][0] == 7.5


def test_row_that_is_no_object_is_named() -> None:
    batch = read_json(json.dumps([ANIMAL, [1, 2]]).encode())

    assert [(problem.row, problem.code) for problem in batch.problems] == [(2, "not_a_record")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not valid JSON"),
        (b"[{", "not valid JSON"),
        (b'[{"sex": "M", "length": NaN}]', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"instances": ' * 100_000, "not valid JSON"),
        (b'"text"', "no list of records"),
        (b'{"rows": []}', "no list of records"),
        (b'{"instances": {}}', "no list of records"),
        (b'["\xff"]', "not valid JSON"),
    ],
)
def test_body_that_is_not_rows_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(RequestError, match=reason) as refused:
        read_json(body)

    assert refused.value.status == 422


def test_json_lines_are_rows_and_empty_lines_are_none() -> None:
    line = json.dumps(ANIMAL)

    batch = read_json_lines(f"\n{line}\r\n\n{line}\n".encode())

    assert list(batch.numbers) == [NUMBERS, NUMBERS]


def test_line_that_is_not_json_is_named() -> None:
    with pytest.raises(RequestError, match="row 2: the body is not valid JSON"):
        read_json_lines(json.dumps(ANIMAL).encode() + b"\n\n{sex: M}\n")


def test_answers_have_the_documented_shape() -> None:
    outcomes = [
        Prediction(9.5, 7.0, 13.0, 11.0),
        Rejection([Problem("above_maximum", "length 7 is above 1.25", "length")]),
    ]

    answer = json.loads(write_json("id-1", "v1", outcomes))
    lines = [json.loads(line) for line in write_json_lines(outcomes).splitlines()]

    assert answer == {"inference_id": "id-1", "model_version": "v1", "predictions": lines}
    assert lines == [
        {"rings": 9.5, "lower_rings": 7.0, "upper_rings": 13.0, "age_years": 11.0, "warnings": []},
        {"errors": [{"code": "above_maximum", "message": "length 7 is above 1.25", "column": "length"}]},
    ]
