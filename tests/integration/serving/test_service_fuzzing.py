"""Rows and bodies that nobody thought of: never a fault of the service, never a hang, never a wrong answer.

`pytest --hypothesis-show-statistics` tells how many examples ran.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abalone.schema import MEASUREMENT_NAMES, SEX
from support.fuzzing import (
    REFUSALS,
    Predict,
    Row,
    ask,
    assert_predicted,
    faultless_service,
    fuzz,
    is_possible,
    predictions,
)
from support.measurements import CSV, JSON, JSON_LINES, ROW, as_csv, as_json
from support.service import RunningService

CONTENT_TYPES = [JSON, JSON_LINES, CSV]


@pytest.fixture(scope="module")
def service(artifact_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with faultless_service(artifact_directory, tmp_path_factory.mktemp("captures")) as running:
        yield running


@st.composite
def animals(draw: st.DrawFn) -> Row:
    """Rows that an animal could have, the strangest included."""
    share = st.floats(0, 1, exclude_min=True)
    length = draw(st.floats(0, 1.25, exclude_min=True))
    diameter = length * draw(share)
    whole = draw(st.floats(0, 10, exclude_min=True))
    row: Row = {
        "sex": draw(st.sampled_from(SEX.values)),
        "length": length,
        "diameter": diameter,
        "height": diameter * draw(st.floats(0, 1, exclude_min=True, exclude_max=True)),
        "whole_weight": whole,
        **{name: whole * draw(share) for name in ("shucked_weight", "viscera_weight", "shell_weight")},
    }
    return row if is_possible(row) else dict(ROW)


NOTATIONS = ["{!r}", "{:.17g}", "{:.17e}", "{:.17E}", "{:.20g}", "{:.25f}"]


def noted(rows: Sequence[Row], notations: Sequence[str]) -> list[dict[str, str]]:
    """Write the numbers of rows in some notation that loses nothing (or rounds to zero, which is no animal's)."""
    return [
        {
            name: value if isinstance(value, str) else notations[(number + place) % len(notations)].format(value)
            for place, (name, value) in enumerate(row.items())
        }
        for number, row in enumerate(rows)
    ]


def body_of(content_type: str, cells: Sequence[Mapping[str, str]], columns: Sequence[str], *, header: bool) -> bytes:
    """Write rows of text as they stand."""
    if content_type == CSV:
        lines = [",".join(columns)] if header else []
        return "\n".join([*lines, *(",".join(row[name] for name in columns) for row in cells)]).encode()
    records = [
        "{" + ", ".join(f'"{name}": ' + (f'"{row[name]}"' if name == "sex" else row[name]) for name in columns) + "}"
        for row in cells
    ]
    return ("[" + ",".join(records) + "]" if content_type == JSON else "\n".join(records)).encode()


class TestValidRows:
    @fuzz(max_examples=300)
    @given(
        rows=st.lists(animals(), min_size=1, max_size=8),
        content_type=st.sampled_from(CONTENT_TYPES),
        notations=st.lists(st.sampled_from(NOTATIONS), min_size=1, max_size=4),
        columns=st.permutations(MEASUREMENT_NAMES),
        header=st.booleans(),
    )
    def test_are_predicted_in_order_whatever_the_notation(
        self,
        *,
        client: httpx.Client,
        predict: Predict,
        rows: list[Row],
        content_type: str,
        notations: list[str],
        columns: list[str],
        header: bool,
    ) -> None:
        cells = noted(rows, notations)
        read = [{name: cell if name == "sex" else float(cell) for name, cell in row.items()} for row in cells]
        order = columns if header or content_type != CSV else list(MEASUREMENT_NAMES)

        answer = ask(client, content_type, body_of(content_type, cells, order, header=header))

        if all(map(is_possible, read)):
            assert_predicted(predictions(answer), predict(read))
        else:  # a tiny number that its notation has rounded to zero
            assert answer.status_code == 422

    @fuzz(max_examples=60)
    @given(rows=st.lists(animals(), min_size=1, max_size=5), header=st.booleans())
    def test_are_answered_alike_in_every_format(self, client: httpx.Client, rows: list[Row], header: bool) -> None:
        body = as_json(rows)
        expected = predictions(ask(client, JSON, body))

        lines = client.post("/invocations", content=body, headers={"content-type": JSON, "accept": JSON_LINES})
        table = client.post(
            "/invocations", content=as_csv(rows, header=header), headers={"content-type": CSV, "accept": CSV}
        )

        assert [json.loads(line) for line in lines.text.splitlines()] == expected
        names = ["rings", "lower_rings", "upper_rings", "age_years"]
        parsed = list(csv.reader(io.StringIO(table.text)))
        if header:
            assert parsed.pop(0) == [*names, "warnings", "errors"]
        assert [[float(cell) for cell in line[:4]] for line in parsed] == [[row[n] for n in names] for row in expected]
        assert [line[4] for line in parsed] == ["; ".join(w["message"] for w in row["warnings"]) for row in expected]


class TestInvalidRows:
    @fuzz(max_examples=150)
    @given(
        rows=st.lists(st.tuples(animals(), st.booleans()), min_size=1, max_size=12),
        spoilt=st.sampled_from(["height", "diameter", "sex", "shell_weight", "length"]),
        value=st.sampled_from(["", "x", "-1", "0", "1e9", "nan", "99999999999999999999", "0.1.1"]),
        content_type=st.sampled_from(CONTENT_TYPES),
    )
    def test_are_reported_in_their_place_and_leave_the_others_alone(
        self,
        *,
        client: httpx.Client,
        predict: Predict,
        rows: list[tuple[Row, bool]],
        spoilt: str,
        value: str,
        content_type: str,
    ) -> None:
        cells = noted([row for row, _ in rows], ["{!r}"])
        for row, (_, is_good) in zip(cells, rows, strict=True):
            if not is_good:
                row[spoilt] = value if content_type == CSV or spoilt == "sex" else json.dumps(value)

        body = body_of(content_type, cells, MEASUREMENT_NAMES, header=False)
        outcomes = predictions(ask(client, content_type, body, invalid_rows="report"))

        assert [("errors" in outcome) for outcome in outcomes] == [not is_good for _, is_good in rows]
        good = [outcome for outcome in outcomes if "errors" not in outcome]
        if good:
            assert_predicted(good, predict([row for row, is_good in rows if is_good]))
        assert ask(client, content_type, body).status_code == (200 if len(good) == len(rows) else 422)


class TestAnyBytes:
    @fuzz(max_examples=300)
    @given(
        body=st.one_of(
            st.binary(max_size=300),
            st.text(max_size=200).map(str.encode),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["instances", *ROW]), inner, max_size=9)
                ),
                max_leaves=12,
            ).map(lambda value: json.dumps(value).encode()),
            st.lists(st.lists(st.text(max_size=5), max_size=9).map(",".join), max_size=4)
            .map("\n".join)
            .map(str.encode),
        ),
        content_type=st.one_of(
            st.sampled_from(CONTENT_TYPES),
            st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30).map(str.strip),
        ),
        query=st.sampled_from(["refuse", "report", "", "x", "\x00é"]),
    )
    def test_are_refused_as_documented(self, client: httpx.Client, body: bytes, content_type: str, query: str) -> None:
        assert ask(client, content_type, body, invalid_rows=query).status_code in REFUSALS | {200}

    @fuzz(max_examples=150)
    @given(
        body=st.binary(max_size=200)
        | st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["inference_id", "row", "rings"]), inner)
            ),
            max_leaves=5,
        ).map(lambda value: json.dumps(value).encode())
    )
    def test_are_refused_as_feedback(self, client: httpx.Client, body: bytes) -> None:
        answer = client.post("/feedback", content=body, headers={"content-type": JSON})
        assert answer.status_code in {202, 400, 422}
        if answer.status_code != 202:
            assert re.fullmatch(r"[a-z_]+", answer.json()["error"]["code"])
