"""Bodies that were good until a few bytes changed: each is refused, or answered for what it says."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.fuzzing import Predict, Row, ask, assert_predicted, faultless_service, fuzz, is_possible, predictions
from support.measurements import CSV, JSON, JSON_LINES, ROW, as_csv, as_json, as_json_lines
from support.reading import read_leniently, read_strictly
from support.service import RunningService


@pytest.fixture(scope="module")
def service(artifact_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with faultless_service(artifact_directory, tmp_path_factory.mktemp("captures")) as running:
        yield running


SURVEYED: list[Row] = [
    dict(ROW),
    {**ROW, "sex": "F", "length": 0.53, "diameter": 0.42, "height": 0.135, "whole_weight": 0.677},
    {**ROW, "sex": "I", "length": 0.33, "diameter": 0.255, "height": 0.08, "shell_weight": 0.055},
]
BODIES = [
    (JSON, as_json(SURVEYED)),
    (JSON, b'{"instances": ' + as_json(SURVEYED) + b"}"),
    (JSON_LINES, as_json_lines(SURVEYED)),
    (CSV, as_csv(SURVEYED)),
    (CSV, as_csv(SURVEYED, header=True)),
]

INSERTED = [b",", b'"', b"\n", b"]", b"}", b"e", b"-", b".", b"0", b" ", b"\r", b"null", b"\xef\xbb\xbf", b"1e5", b"_"]
INSERTED += [b"\x00", b"\x0b", b"\x1c", b"\xc2\x85", b"\xe2\x80\xa8", b"\xc2\xa0", b"1e400", b"+", b"\\", b"\t", b"{"]


@st.composite
def mutated_bodies(draw: st.DrawFn) -> tuple[str, bytes]:
    content_type, body = draw(st.sampled_from(BODIES))
    changed = bytearray(body)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, max(len(changed) - 1, 0)))
        kind = draw(st.sampled_from(["flip", "drop", "insert", "repeat", "cut", "digit"]))
        if not changed:
            break
        if kind == "flip":
            changed[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "drop":
            del changed[place : place + draw(st.integers(1, 20))]
        elif kind == "insert":
            changed[place:place] = draw(st.sampled_from(INSERTED))
        elif kind == "repeat":
            changed[place:place] = changed[place : place + draw(st.integers(1, 120))]
        elif kind == "cut":
            del changed[-draw(st.integers(1, 40)) :]
        elif digits := [index for index, byte in enumerate(changed) if 48 <= byte <= 57]:
            changed[draw(st.sampled_from(digits))] = draw(st.integers(48, 57))
    return content_type, bytes(changed)


@fuzz(max_examples=800)
@given(mutated=mutated_bodies())
@example(mutated=(JSON_LINES, as_json_lines([ROW]).replace(b", ", b",\n")))
@example(mutated=(JSON, as_json([ROW]).replace(b"{", b'{"\xff": 1, ')))
@example(mutated=(JSON, as_json([ROW]).replace(b"{", b'{"length": 1e400, ')))
def test_mutated_body_is_refused_or_answered_for_what_it_says(
    client: httpx.Client, predict: Predict, mutated: tuple[str, bytes]
) -> None:
    content_type, body = mutated
    certain, possible = read_strictly(content_type, body), read_leniently(content_type, body)

    answer = ask(client, content_type, body)

    if answer.status_code == 200:
        assert possible, (body, answer.text)
        assert all(map(is_possible, possible)), (body, answer.text)
        assert_predicted(predictions(answer), predict(possible))
    else:
        assert answer.status_code == 422, (body, answer.text)
        assert not certain or not all(map(is_possible, certain)), (body, answer.text)
