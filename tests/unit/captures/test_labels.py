"""True rings find the rows that they were counted for."""

import math

import pandas as pd
import pytest

from abalone.captures import Labels, Window, capture_files, match_labels, read_captures, read_labels
from support.served import capture_path, event, files, label, label_path, sagemaker_event


def told(*contents: bytes) -> Labels:
    """The labels of files with these contents, in their order."""
    paths = {label_path(name=f"{number:04}"): content for number, content in enumerate(contents)}
    return read_labels(capture_files(files(**paths)), Window())


def served(content: bytes) -> pd.DataFrame:
    return read_captures(capture_files(files(**{capture_path(): content})), Window()).rows


def test_label_belongs_to_its_row_of_its_answer() -> None:
    labels, counts = told(label("a", 9, row=2) + label("b", 11))

    rows = match_labels(served(event("a", 3) + event("b") + event("c")), labels)

    assert rows["rings"].fillna(0).tolist() == [0, 9, 0, 11, 0]
    assert counts == {
        "label_files": 1, "label_lines": 2, "labels": 2, "duplicate_labels": 0, "truncated_labels": 0,
        "unreadable_labels": 0,
    }  # fmt: skip


def test_label_that_was_told_last_counts_whatever_the_order_of_the_files() -> None:
    later, earlier = label_path("2026/10/01/00"), label_path("2026/09/30/23", name="59-59-999-z")
    contents = {later: label("a", 12), earlier: label("a", 9)}

    for order in (contents, dict(reversed(contents.items()))):
        labels, counts = read_labels(capture_files(files(**order)), Window())

        assert labels["rings"].tolist() == [12]
        assert (counts["labels"], counts["duplicate_labels"]) == (1, 1)


def test_label_without_a_row_belongs_to_the_first_as_model_monitor_has_it() -> None:
    line = b'{"groundTruthData":{"data":"9.0","encoding":"CSV"},"eventMetadata":{"eventId":"a"},"eventVersion":"0"}\n'

    labels, _ = told(line)

    assert labels.to_dict(orient="records") == [{"endpoint": "abalone", "event_id": "a", "row": 1, "rings": 9.0}]


def test_label_finds_a_capture_of_sagemaker_by_its_inference_id() -> None:
    labels, _ = told(label("mine") + label("b"))

    rows = match_labels(served(sagemaker_event("a", inference_id="mine") + sagemaker_event("b")), labels)

    assert rows["rings"].tolist() == [9, 9]


@pytest.mark.parametrize(
    "line",
    [b"what?\n", label("a").replace(b'"9"', b'"many"'), label("a", 0), label("a", 61), label("a", row=0),
     label("a").replace(b'"9"', b'"9.5"'), label("a").replace(b'"9"', b'"nan"')],
)  # fmt: skip
def test_label_that_is_no_number_of_rings_is_counted_and_left_out(line: bytes) -> None:
    labels, counts = told(line + label("b"))

    assert labels["event_id"].tolist() == ["b"]
    assert counts["unreadable_labels"] == 1


def test_label_without_its_end_is_truncated() -> None:
    labels, counts = told(label("a") + label("b")[:-20])

    assert labels["event_id"].tolist() == ["a"]
    assert counts["truncated_labels"] == 1


def test_of_two_answers_of_one_name_the_last_one_has_the_label() -> None:
    first, second = sagemaker_event("a", inference_id="same"), sagemaker_event("b", inference_id="same")

    rows = match_labels(served(first + second), told(label("same", 7)).table)

    assert math.isnan(rows["rings"][0])
    assert rows["rings"][1] == 7


def test_no_labels_leave_all_rows_without() -> None:
    rows = match_labels(served(event("a", 2)), told().table)

    assert rows["rings"].isna().tolist() == [True, True]
