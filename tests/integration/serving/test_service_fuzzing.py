"""Bodies that nobody thought of: never a fault of the service, never a hang, never a wrong answer.

`pytest --hypothesis-show-statistics` tells how many examples ran.
"""

import csv
import functools
import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance

from abalone.model.artifact import Artifact
from abalone.schema import IMPOSSIBLE, MEASUREMENT_NAMES, NUMBERS, SEX
from support.measurements import CSV, JSON, JSON_LINES, ROW, as_csv, as_json, as_json_lines
from support.service import RunningService, running_service

fuzz = functools.partial(
    settings,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.filter_too_much],
)
CONTENT_TYPES = [JSON, JSON_LINES, CSV]
REFUSALS = {400, 406, 413, 415, 422}

Row = dict[str, str | float]


@pytest.fixture(scope="module")
def service(artifact_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    captures = tmp_path_factory.mktemp("captures")
    with running_service(artifact_directory, reload_seconds=0, capture=captures) as running:
        yield running
        assert [line for line in running.log if line["level"] != "INFO"] == []


@pytest.fixture(scope="module")
def client(service: RunningService) -> Iterator[httpx.Client]:
    with service.client() as client:
        yield client


def ask(client: httpx.Client, content_type: str, body: bytes, **query: str) -> httpx.Response:
    """Ask for predictions as JSON."""
    headers = {"content-type": content_type, "accept": JSON}
    answer = client.post("/invocations", content=body, headers=headers, params=query)
    assert answer.headers["x-request-id"]
    assert answer.headers["content-type"] == JSON
    if answer.status_code != 200:
        assert answer.status_code in REFUSALS, answer.text
        content = answer.json()
        assert set(content) == {"error", "request_id"}
        assert set(content["error"]) == {"code", "message", "problems", "problem_count"}
        assert len(content["error"]["problems"]) <= min(100, content["error"]["problem_count"])
        assert content["request_id"] == answer.headers["x-request-id"]
    return answer


def predictions(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["predictions"]
    return found


def assert_predicted(found: Sequence[Mapping[str, float]], artifact: Artifact, rows: Sequence[Row]) -> None:
    """Check that predictions are those of the artifact, in the order of the rows."""
    expected = artifact.predict({name: [row[name] for row in rows] for name in MEASUREMENT_NAMES})
    assert len(found) == len(rows)
    for name, values in (("rings", expected.rings), ("lower_rings", expected.lower), ("upper_rings", expected.upper)):
        np.testing.assert_allclose([each[name] for each in found], values, rtol=0, atol=1e-9)
    np.testing.assert_allclose([each["age_years"] for each in found], expected.rings + 1.5, rtol=0, atol=1e-9)


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


def is_possible(row: Mapping[str, str | float]) -> bool:
    """Tell whether a row is an animal's, by a reading of the schema that is independent of the service's."""
    values = {name: float(row[name]) for name in MEASUREMENT_NAMES if name != "sex"}
    if row["sex"] not in SEX.values:
        return False
    if not all(column.above < values[column.name] <= column.maximum for column in NUMBERS):
        return False
    for rule in IMPOSSIBLE:
        total = sum(values[part] for part in rule.parts)
        if total > values[rule.whole] or (rule.strict and total == values[rule.whole]):
            return False
    return True


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
        artifact: Artifact,
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
            assert_predicted(predictions(answer), artifact, read)
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
        artifact: Artifact,
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
            assert_predicted(good, artifact, [row for row, is_good in rows if is_good])
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


def _strict_number(value: object) -> float:
    if isinstance(value, str):
        if not re.fullmatch(r"[ \t\r\n\f\v]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t\r\n\f\v]*", value):
            raise ValueError(value)
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)


def _no_constant(name: str) -> float:
    raise ValueError(name)


def strictly_read(content_type: str, body: bytes) -> list[Row]:
    """Read rows with Python's own parsers.

    Raises:
        ValueError, KeyError, TypeError, OverflowError, csv.Error: They cannot be read.
    """
    text = body.decode("utf-8-sig")
    if content_type == CSV:
        records: list[Any] = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
        names = list(MEASUREMENT_NAMES)
        if records and not set(header := [cell.strip().lower() for cell in records[0]]).isdisjoint(names):
            records, names = records[1:], header
            if len(set(names) & set(MEASUREMENT_NAMES)) < len(MEASUREMENT_NAMES):
                raise ValueError(names)
            if any(names.count(name) > 1 for name in MEASUREMENT_NAMES):
                raise ValueError(names)
        records = [dict(zip(names, line, strict=True)) for line in records]
    elif content_type == JSON_LINES:
        lines = re.split(r"\r\n|\r|\n", text)
        records = [json.loads(line, parse_constant=_no_constant) for line in lines if line.strip()]
    else:
        content = json.loads(text, parse_constant=_no_constant)
        records = content["instances"] if isinstance(content, dict) else content
    if not isinstance(records, list) or not records:
        raise ValueError(records)
    return [
        {name: record[name].strip() if name == "sex" else _strict_number(record[name]) for name in MEASUREMENT_NAMES}
        for record in records
    ]


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
            changed[place:place] = draw(
                st.sampled_from(
                    [
                        b",",
                        b'"',
                        b"\n",
                        b"]",
                        b"}",
                        b"e",
                        b"-",
                        b".",
                        b"0",
                        b" ",
                        b"\r",
                        b"null",
                        b"\xef\xbb\xbf",
                        b"1e5",
                        b"_",
                    ]
                )
            )
        elif kind == "repeat":
            changed[place:place] = changed[place : place + draw(st.integers(1, 120))]
        elif kind == "cut":
            del changed[-draw(st.integers(1, 40)) :]
        elif digits := [index for index, byte in enumerate(changed) if 48 <= byte <= 57]:
            changed[draw(st.sampled_from(digits))] = draw(st.integers(48, 57))
    return content_type, bytes(changed)


@fuzz(max_examples=800)
@given(mutated=mutated_bodies())
def test_mutated_body_is_refused_or_answered_for_what_it_says(
    client: httpx.Client, artifact: Artifact, mutated: tuple[str, bytes]
) -> None:
    content_type, body = mutated
    try:
        rows = strictly_read(content_type, body)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, csv.Error, RecursionError):
        rows = []

    answer = ask(client, content_type, body)

    if rows and all(all(map(math.isfinite, list(row.values())[1:])) and is_possible(row) for row in rows):  # type: ignore[arg-type]
        assert_predicted(predictions(answer), artifact, rows)
    else:
        assert answer.status_code == 422, (body, answer.text)


@pytest.fixture(scope="module")
def document(service: RunningService) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{service.url}/openapi.json")


OPERATIONS = [
    ("/invocations", "POST"),
    ("/feedback", "POST"),
    ("/ping", "GET"),
    ("/model", "GET"),
    ("/metrics", "GET"),
]


def test_document_has_every_operation(document: schemathesis.BaseSchema) -> None:
    found = [result.ok() for result in document.get_all_operations()]
    assert sorted((each.path, each.method.upper()) for each in found) == sorted(OPERATIONS)


# What the document cannot say: the rules between measurements, what is in a CSV, and that numbers may be text.
BEYOND_SCHEMA = [negative_data_rejection, positive_data_acceptance]


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        *((path, method, GenerationMode.POSITIVE) for path, method in OPERATIONS),
        *((path, method, GenerationMode.NEGATIVE) for path, method in OPERATIONS if method == "POST"),
    ],
)
@fuzz(max_examples=150)
@given(data=st.data())
def test_service_does_what_its_document_says(
    document: schemathesis.BaseSchema, data: st.DataObject, path: str, method: str, mode: GenerationMode
) -> None:
    case = data.draw(document[path][method].as_strategy(generation_mode=mode))
    case.call_and_validate(excluded_checks=BEYOND_SCHEMA if path == "/invocations" else [])


def test_no_request_was_a_fault_of_the_service(client: httpx.Client) -> None:
    counts = re.findall(r'^abalone_requests_total{.*status="(\d+)"} (\S+)$', client.get("/metrics").text, re.MULTILINE)
    assert sum(float(count) for _, count in counts) > 1000
    assert {status for status, _ in counts if status >= "500"} == set()
