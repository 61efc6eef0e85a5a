"""Bodies that are odd or hostile: each is refused, and the next one is answered as ever."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from abalone.model.artifact import Artifact
from abalone.schema import MEASUREMENT_NAMES
from support.answers import GOOD, asked, assert_answers, blameless_service, refusal_of, rings_of
from support.measurements import CSV, JSON, JSON_LINES, ROW, as_csv, as_json, as_json_lines, predicted_rings
from support.raw_http import post
from support.service import RunningService

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def service(artifact_directory: Path) -> Iterator[RunningService]:
    with blameless_service(artifact_directory) as running:
        yield running


@pytest.fixture(autouse=True)
def _answers_afterwards(service: RunningService, artifact: Artifact) -> Iterator[None]:
    yield
    assert_answers(service, artifact)


def with_value(value: str, column: str = "shell_weight") -> dict[str, bytes]:
    """Return a row with a value, as it stands, in each format."""
    cells = {name: json.dumps(ROW[name]) for name in MEASUREMENT_NAMES} | {column: value}
    record = "{" + ", ".join(f'"{name}": {cell}' for name, cell in cells.items()) + "}"
    line = ",".join(cell if name == column else str(ROW[name]) for name, cell in cells.items())
    return {JSON: f"[{record}]".encode(), JSON_LINES: record.encode(), CSV: line.encode()}


class TestBodies:
    @pytest.mark.parametrize("content_type", [JSON, JSON_LINES, CSV])
    @pytest.mark.parametrize(
        "value",
        [
            "NaN",
            "nan",
            "Infinity",
            "-Infinity",
            "inf",
            "1e999",
            "-1e999",
            "1" + "0" * 400,
            "1" + "0" * 10_000,
            "1e-999",
            "1_0",
            "0._1",
            "\uff10.1",
            "0.1f",
            "0x1",
            "1e",
            "e1",
            ".",
            "-",
            "0,1",
            "true",
            "null",
            "{}",
            "[]",
            "0.1\x00",
            "0.1 0.1",
            "0.1;",
        ],
        ids=lambda value: ascii(value)[:20],
    )
    def test_value_that_is_no_measurement_is_refused(
        self, service: RunningService, content_type: str, value: str
    ) -> None:
        body = with_value(value)[content_type]
        answer = asked(service, post(body, content_type=content_type.encode()))
        assert answer.json()["error"]["code"] in {"invalid_rows", "malformed_body"}
        refusal_of(answer, 422, answer.json()["error"]["code"])

    @pytest.mark.parametrize(
        "value",
        ['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"x"', '"' + "x" * 10**6 + '"', "1" + "0" * 5000, "1e999"],
        ids=lambda value: value[:20],
    )
    @pytest.mark.parametrize("column", ["sex", "length"])
    @pytest.mark.parametrize("content_type", [JSON, JSON_LINES])
    def test_strange_text_is_refused(self, service: RunningService, content_type: str, value: str, column: str) -> None:
        body = with_value(value, column)[content_type]
        answer = asked(service, post(body, content_type=content_type.encode()))
        assert answer.status == 422
        assert len(answer.body) < 2000

    @pytest.mark.parametrize(
        "body",
        [
            b"[" * 100_000,
            b"[" * 100_000 + b"]" * 100_000,
            b'{"instances":' * 100_000,
            b'[{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
        ],
        ids=["open", "closed", "objects", "in an unknown key"],
    )
    @pytest.mark.parametrize("content_type", [JSON, JSON_LINES])
    def test_deep_json_is_refused(self, service: RunningService, content_type: str, body: bytes) -> None:
        refusal_of(asked(service, post(body, content_type=content_type.encode())), 422, "malformed_body")

    def test_deep_feedback_is_refused(self, service: RunningService) -> None:
        answer = asked(service, post(b"[" * 60_000, path=b"/feedback"))
        assert 400 <= answer.status < 500

    def test_hundred_thousand_columns_are_refused(self, service: RunningService) -> None:
        answer = asked(service, post(b",".join([b"1"] * 100_000), content_type=b"text/csv"))
        assert "100000 fields" in refusal_of(answer, 422, "invalid_rows")

    def test_hundred_thousand_columns_beside_those_that_are_needed_are_ignored(
        self, service: RunningService, artifact: Artifact
    ) -> None:
        names, row = as_csv([ROW], header=True).split()
        more = b"".join(b",x%d" % number for number in range(100_000))
        answer = asked(
            service,
            post(names + more + b"\n" + row + b",1" * 100_000, b"Accept: application/json", content_type=b"text/csv"),
        )
        assert rings_of(answer) == predicted_rings(artifact, [ROW])

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"M," + b"1" * MIB, "malformed_body"),
            (b'M,"' + b"1" * MIB + b'"', "malformed_body"),
            (b'M,"0.4,0.3\n0.1', "malformed_body"),
            (b'M,"0.4"5,0.3', "malformed_body"),
            (as_csv([ROW]).replace(b"0.455", b'"0.455,0.365"'), "invalid_rows"),
            (as_csv([ROW]).replace(b"0.455", b'"0.455],[0.365"'), "invalid_rows"),
            (as_csv([ROW], header=True).split()[0], "no_rows"),
            (as_csv([ROW], header=True).replace(b"shell_weight", b"shell"), "missing_columns"),
            (as_csv([ROW], header=True).replace(b"shell_weight", b"shell_weight,sex"), "repeated_columns"),
        ],
    )
    def test_odd_csv_is_refused(self, service: RunningService, body: bytes, code: str) -> None:
        refusal_of(asked(service, post(body, content_type=b"text/csv")), 422, code)

    @pytest.mark.parametrize("body", [b"", b" \r\n\t\n ", b"\x00" * 100, b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28"])
    @pytest.mark.parametrize("content_type", [JSON, JSON_LINES, CSV])
    def test_body_without_a_row_is_refused(self, service: RunningService, content_type: str, body: bytes) -> None:
        assert asked(service, post(body, content_type=content_type.encode())).status == 422

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7"])
    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            (JSON, as_json([{**ROW, "é+": "é"}])),
            (JSON_LINES, as_json_lines([ROW])),
            (CSV, b"\xc3\xa9+," + as_csv([ROW])),
        ],
    )
    def test_other_encodings_than_utf_8_are_refused(
        self, service: RunningService, content_type: str, body: bytes, encoding: str
    ) -> None:
        if encoding == "utf-7" and content_type != CSV:
            return
        assert asked(service, post(body.decode().encode(encoding), content_type=content_type.encode())).status == 422

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            (JSON, GOOD),
            (JSON, b'{"instances": %s}' % GOOD),
            (JSON_LINES, as_json_lines([ROW])),
            (CSV, as_csv([ROW])),
            (CSV, as_csv([ROW], header=True)),
        ],
    )
    def test_byte_order_mark_is_passed_over(
        self, service: RunningService, artifact: Artifact, content_type: str, body: bytes
    ) -> None:
        answer = asked(
            service, post(b"\xef\xbb\xbf" + body, b"Accept: application/json", content_type=content_type.encode())
        )
        assert rings_of(answer) == predicted_rings(artifact, [ROW])

    @pytest.mark.parametrize("content_type", [JSON, JSON_LINES])
    def test_of_a_key_that_stands_twice_the_last_value_counts(
        self, service: RunningService, artifact: Artifact, content_type: str
    ) -> None:
        body = with_value('0.3, "shell_weight": 0.1')[content_type]
        answer = asked(service, post(body, b"Accept: application/json", content_type=content_type.encode()))
        assert rings_of(answer) == predicted_rings(artifact, [{**ROW, "shell_weight": 0.1}])
