"""Every line and every row of captures counts once."""

import base64
import json
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abalone.captures import Captured, Window, capture_files, captured_time, read_captures
from abalone.schema import MEASUREMENT_NAMES, NUMBER_NAMES
from support.served import (
    ANSWERED,
    HOUR,
    NOON,
    ROW,
    VERSION,
    capture_path,
    event,
    files,
    label,
    label_path,
    sagemaker_event,
)  # fmt: skip

HEADER = ",".join(MEASUREMENT_NAMES)
NUMBERS = [float(field) for field in ROW.split(",")[1:]]
RECORD = dict(zip(MEASUREMENT_NAMES, ["M", *NUMBERS], strict=True))
OUTCOME = {"rings": 9.5, "lower_rings": 6.0, "upper_rings": 13.5, "age_years": 11.0, "warnings": []}
EVERYTHING = Window()
NOONS_HOUR = (datetime(2026, 9, 21, 14, tzinfo=UTC), datetime(2026, 9, 21, 15, tzinfo=UTC))
REFUSED = {"errors": [{"code": "missing_value", "message": "length is missing", "column": "length"}]}


def captured(*contents: bytes, window: Window = EVERYTHING, wanted: set[str] | None = None) -> Captured:
    """What is read of files with these contents, in their order."""
    paths = {capture_path(name=f"{number:04}"): content for number, content in enumerate(contents)}
    return read_captures(capture_files(files(**paths)), window, wanted)


def lines_by_kind(counts: dict[str, int]) -> int:
    kinds = ("events", "duplicate_events", "truncated_lines", "unreadable_lines", "events_outside_window")
    return sum(counts[kind] for kind in kinds)


def test_row_is_read_with_what_was_asked_and_answered() -> None:
    rows, counts = captured(event("a"))

    assert counts["rows"] == counts["events"] == counts["lines"] == counts["files"] == 1
    (row,) = rows.to_dict(orient="records")
    assert row == {
        "endpoint": "abalone", "event_id": "a", "row": 1, "time": pd.Timestamp("2026-09-21T14:13:20Z"),
        "model_version": VERSION, **RECORD, "predicted_rings": 9.5, "lower": 6.0, "upper": 13.5, "warned": False,
    }  # fmt: skip


def test_rows_of_a_batch_are_numbered_from_1() -> None:
    rows, counts = captured(event("a", 3) + event("b", 2))

    assert list(zip(rows["event_id"], rows["row"], strict=True)) == [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2)]
    assert (counts["events"], counts["rows"]) == (2, 5)


SHUFFLED = (*MEASUREMENT_NAMES[::-1], "beach")
REQUESTS = {
    "rows": ("text/csv", f"{ROW}\n{ROW}"),
    "windows' line ends": ("text/csv; charset=utf-8", f"{ROW}\r\n{ROW}\r\n"),
    "blanks and quotes": ("text/csv", f'"M", {ROW[2:]}\n{ROW}\n'),
    "header": ("text/csv", f"{HEADER}\n{ROW}\n{ROW}\n"),
    "header in words": ("text/csv", f"{HEADER.replace('_', ' ').upper()}\n{ROW}\n{ROW}\n"),
    "columns in any order": (
        "text/csv",
        "\n".join([",".join(SHUFFLED), *[",".join([*ROW.split(",")[::-1], "north"])] * 2]),
    ),
    "byte-order mark": ("text/csv", f"\ufeff{HEADER}\n{ROW}\n{ROW}\n"),
    "records": ("application/json", json.dumps([RECORD, RECORD])),
    "instances": ("application/json", json.dumps({"instances": [RECORD, {**RECORD, "beach": 1}]})),
    "numbers in quotes": ("application/json", json.dumps([RECORD, {**RECORD, "length": "0.455"}])),
    "lines": ("application/jsonlines", f"{json.dumps(RECORD)}\n{json.dumps(RECORD)}\n"),
}


@pytest.mark.parametrize(("content_type", "body"), REQUESTS.values(), ids=REQUESTS.keys())
def test_request_is_read_in_every_format_of_the_service(content_type: str, body: str) -> None:
    rows, counts = captured(event("a", 2, content_type=content_type, request=body.encode()))

    assert counts["unreadable_lines"] == 0
    assert rows["sex"].tolist() == ["M", "M"]
    assert rows[list(NUMBER_NAMES)].to_numpy().tolist() == [NUMBERS, NUMBERS]


WARNED = {**OUTCOME, "warnings": [{"code": "unusual", "message": 'it is "tall"'}]}
ANSWERS = {
    "rows": ("text/csv", f'{ANSWERED}\r\n9.5,6.0,13.5,11.0,"it is ""tall""",\r\n'),
    "header": (
        "text/csv",
        "rings,lower_rings,upper_rings,age_years,warnings,errors\r\n"
        f'{ANSWERED}\r\n9.5,6.0,13.5,11.0,"it is tall, and wide",\r\n',
    ),
    "json": (
        "application/json",
        json.dumps({"inference_id": "a", "model_version": VERSION, "predictions": [OUTCOME, WARNED]}),
    ),
    "json lines": ("application/jsonlines", f"{json.dumps(OUTCOME)}\n{json.dumps(WARNED)}\n"),
}


@pytest.mark.parametrize(("accept", "answer"), ANSWERS.values(), ids=ANSWERS.keys())
def test_answer_is_read_in_every_format_of_the_service(accept: str, answer: str) -> None:
    rows, _ = captured(event("a", 2, accept=accept, answer=answer.encode()))

    assert rows[["predicted_rings", "lower", "upper"]].to_numpy().tolist() == [[9.5, 6.0, 13.5]] * 2
    assert rows["warned"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        ("text/csv", f"{ANSWERED}\r\n,,,,,length is missing: give a number\r\n{ANSWERED}\r\n"),
        ("application/json", json.dumps({"model_version": VERSION, "predictions": [OUTCOME, REFUSED, OUTCOME]})),
        ("application/jsonlines", "\n".join(map(json.dumps, (OUTCOME, REFUSED, OUTCOME)))),
    ],
)
def test_refused_row_of_a_batch_is_counted_and_the_others_keep_their_numbers(accept: str, answer: str) -> None:
    request = f"{ROW}\nM,,abc\n{ROW}\n".encode()

    rows, counts = captured(event("a", request=request, accept=accept, answer=answer.encode()))

    assert rows["row"].tolist() == [1, 3]
    assert (counts["rows"], counts["refused_rows"]) == (2, 1)


def test_payload_in_base64_is_read() -> None:
    line = json.loads(event("a"))
    for payload in line["captureData"].values():
        payload |= {"encoding": "BASE64", "data": base64.b64encode(payload["data"].encode()).decode()}

    rows, _ = captured(json.dumps(line).encode() + b"\n")

    assert rows["length"].tolist() == [0.455]


def test_capture_of_sagemaker_has_the_version_of_the_answer_and_the_name_that_labels_use() -> None:
    rows, _ = captured(sagemaker_event("a") + sagemaker_event("b", inference_id="mine"))

    assert rows["event_id"].tolist() == ["a", "mine"]
    assert rows["model_version"].tolist() == [VERSION, VERSION]


def test_answers_that_a_caller_names_alike_are_all_counted() -> None:
    rows, counts = captured(event("a", event_id="1") + event("a", event_id="2"))

    assert rows["event_id"].tolist() == ["a", "a"]
    assert (counts["events"], counts["duplicate_events"]) == (2, 0)


def test_event_in_two_files_counts_once() -> None:
    rows, counts = captured(event("a", 2) + event("b"), event("b") + event("c"), event("a", 2))

    assert sorted(rows["event_id"]) == ["a", "a", "b", "c"]
    assert (counts["events"], counts["duplicate_events"]) == (3, 2)


def test_line_without_its_end_is_truncated_unless_only_the_end_is_missing() -> None:
    rows, counts = captured(event("a") + event("b")[:-20], event("c")[:-1])

    assert rows["event_id"].tolist() == ["a", "c"]
    assert (counts["events"], counts["truncated_lines"], counts["unreadable_lines"]) == (2, 1, 0)


def test_whole_event_replaces_a_truncated_one_of_another_file() -> None:
    rows, counts = captured(event("a")[:-20], event("a"))

    assert rows["event_id"].tolist() == ["a"]
    assert counts["duplicate_events"] == 0


UNREADABLE = {
    "no JSON": b"what?\n",
    "no UTF-8": b"\xff\xfe\n",
    "NUL bytes": b"\0" * 20 + b"\n",
    "no event": b'{"a": 1}\n',
    "time without zone": event("a").replace(b"14:13:20Z", b"14:13:20"),
    "time that nobody has seen": event("a").replace(b"2026-09-21T14:13:20Z", b"9999-12-31T23:59:59Z"),
    "time before all times": event("a").replace(b"2026-09-21T14:13:20Z", b"0001-01-01T00:00:00+14:00"),
    "another number of rows": event("a", answer=f"{ANSWERED}\r\n{ANSWERED}\r\n".encode()),
    "predicted from nothing": event("a", request=b"M,1,2\n"),
    "an answer of others": event("a", accept="application/json", answer=b'{"rings": 9}'),
    "an answer of text": event("a", accept="text/plain", answer=b"Internal Server Error"),
    "no rows": event("a", request=b"", answer=b""),
    "a header that lacks columns": event("a", request=f"sex,length\n{ROW}\n".encode()),
    "open quotes": event("a", request=f'"{ROW}\n'.encode()),
    "no Base64": event("a").replace(b'"CSV"', b'"BASE64"'),
    "nested deeply": event("a", content_type="application/json", request=b"[" * 100_000),
}


@pytest.mark.parametrize("line", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_line_is_counted_and_the_next_one_read(line: bytes) -> None:
    rows, counts = captured(line + event("b"))

    assert rows["event_id"].tolist() == ["b"]
    assert (counts["lines"], counts["events"], counts["unreadable_lines"]) == (2, 1, 1)


whole_lines = st.sampled_from([event("a"), event("b", 3), event("c", time=NOON + 7200), b"{}\n", b"\n", b"nothing\n"])
whole_files = st.lists(st.lists(whole_lines, max_size=5).map(b"".join), max_size=4)


@given(whole_files, st.data())
def test_no_line_is_lost_or_counted_twice_wherever_a_file_ends(contents: list[bytes], data: st.DataObject) -> None:
    cut = [content[: data.draw(st.integers(0, len(content)))] for content in contents]

    rows, counts = captured(*cut, window=Window(end=pd.Timestamp("2026-09-21T15:00Z").to_pydatetime()))

    assert (
        counts["lines"]
        == lines_by_kind(counts)
        == sum(bool(line.strip()) for content in cut for line in content.split(b"\n"))
    )
    assert not rows.duplicated(["event_id", "row"]).any()
    assert counts["rows"] == len(rows)


def test_what_was_asked_for_outside_of_the_window_is_counted() -> None:
    late = event("late", time=NOON - 30 * 3600)
    known = files(
        **{
            capture_path("2026/09/20/08"): late,
            capture_path("2026/09/21/13"): event("early", time=NOON - 3600),
            capture_path(HOUR): event("a") + late,
            label_path("2026/09/25/14"): label("a"),
        }
    )
    found = capture_files(known)

    rows, counts = read_captures(found, Window(*NOONS_HOUR))

    assert captured_time(found).end == NOONS_HOUR[1]
    assert rows["event_id"].tolist() == ["a"]
    assert (counts["files"], counts["events"], counts["events_outside_window"]) == (2, 1, 2)


def test_file_outside_of_the_folders_of_hours_is_read() -> None:
    found = capture_files(files(**{"abalone/local/copied": event("a"), "abalone/local/2026/13/01/00/x": event("b")}))

    rows, _ = read_captures(found, Window(begin=pd.Timestamp("2026-09-21T14:00Z").to_pydatetime()))

    assert sorted(rows["event_id"]) == ["a", "b"]


@pytest.mark.parametrize("hour", ["9999/12/31/23", "0001/01/01/00"])
def test_folder_of_an_hour_that_nobody_has_seen_moves_no_window_and_is_read(hour: str) -> None:
    found = capture_files(files(**{capture_path(hour): event("a"), capture_path(): event("b")}))

    rows, _ = read_captures(found, Window(*NOONS_HOUR))

    assert captured_time(found) == NOONS_HOUR
    assert sorted(rows["event_id"]) == ["a", "b"]


def test_rows_of_answers_that_are_not_wanted_are_not_read() -> None:
    rows, counts = captured(event("a") + event("b"), wanted={"b"})

    assert rows["event_id"].tolist() == ["b"]
    assert counts["events"] == 2


def test_no_files_are_no_rows() -> None:
    rows, counts = captured()

    assert len(rows) == 0
    assert {"endpoint", "time", "length", "warned"} <= set(rows.columns)
    assert set(counts.values()) == {0}
