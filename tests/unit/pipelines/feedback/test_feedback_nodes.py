"""Labelled rows of the service become landing batches."""

import pytest

from abalone.errors import AbaloneError
from abalone.pipelines.feedback.nodes import land_labelled_rows
from abalone.pipelines.ingestion.batch import read_batch
from abalone.schema import COLUMN_NAMES
from support.served import NOON, ROW, capture_path, event, files, label, label_path

DAY = 24 * 3600
HEADER = ",".join(COLUMN_NAMES)


def test_batch_holds_the_labelled_rows_of_a_day_in_the_schemas_columns() -> None:
    captures = files(
        **{
            capture_path(): event("a", 3) + event("b", time=NOON + DAY) + event("c", time=NOON + 2 * DAY),
            label_path(): label("a", 9, row=1) + label("a", 11, row=3) + label("b", 7),
        }
    )

    batches = land_labelled_rows(captures, {}, None)

    assert batches == {
        "feedback_abalone_2026-09-21": f"{HEADER}\n{ROW},9\n{ROW},11\n".encode(),
        "feedback_abalone_2026-09-22": f"{HEADER}\n{ROW},7\n".encode(),
    }


def test_ingestion_reads_the_numbers_that_were_served() -> None:
    request = b"F,0.1234567890123456,3e-1,.09,1,0.30000000000000004,0.2,0.15\n"
    captures = files(**{capture_path(): event("a", request=request), label_path(): label("a")})

    (content,) = land_labelled_rows(captures, {}, None).values()
    batch = read_batch(content, maximum_line_bytes=10_000)

    assert batch.faults == []
    assert batch.table.drop(columns="line").to_numpy().tolist() == [
        ["F", 0.1234567890123456, 0.3, 0.09, 1.0, 0.30000000000000004, 0.2, 0.15, 9.0]
    ]


def test_late_labels_complete_a_batch_and_files_in_another_order_change_nothing() -> None:
    contents = {
        capture_path(name="a"): event("a", 2) + event("b"),
        capture_path(name="copied"): event("a", 2),
        label_path(): label("a", 9),
    }
    late = contents | {label_path("2026/10/01/00"): label("b", 12) + label("a", 10)}

    early_batch, late_batch = (land_labelled_rows(files(**each), {}, None) for each in (contents, late))
    shuffled = land_labelled_rows(files(**dict(reversed(late.items()))), {}, None)

    assert early_batch == {"feedback_abalone_2026-09-21": f"{HEADER}\n{ROW},9\n".encode()}
    assert late_batch == {"feedback_abalone_2026-09-21": f"{HEADER}\n{ROW},10\n{ROW},12\n".encode()}
    assert shuffled == late_batch


def test_batch_that_has_landed_is_not_written_again_unless_labels_have_come() -> None:
    contents = {capture_path(): event("a", 2) + event("b", time=NOON + DAY), label_path(): label("a") + label("b")}
    landed = {
        name: (lambda content=content: content)
        for name, content in land_labelled_rows(files(**contents), {}, None).items()
    }
    late = contents | {label_path("2026/10/01/00"): label("b", 12)}

    assert land_labelled_rows(files(**contents), landed, None) == {}
    assert list(land_labelled_rows(files(**late), landed, None)) == ["feedback_abalone_2026-09-22"]


def test_endpoint_may_be_chosen_and_each_has_batches_of_its_own() -> None:
    captures = files(
        **{
            capture_path(endpoint="abalone-dev"): event("a"),
            label_path(endpoint="abalone-dev"): label("a"),
            capture_path(endpoint="abalone-prd"): event("b"),
            label_path(endpoint="abalone-prd"): label("b"),
        }
    )

    assert list(land_labelled_rows(captures, {}, None)) == [
        "feedback_abalone-dev_2026-09-21",
        "feedback_abalone-prd_2026-09-21",
    ]
    assert list(land_labelled_rows(captures, {}, "abalone-prd")) == ["feedback_abalone-prd_2026-09-21"]
    with pytest.raises(AbaloneError, match="no captures of endpoint abalone-tst"):
        land_labelled_rows(captures, {}, "abalone-tst")


def test_captures_without_labels_are_no_batch() -> None:
    assert land_labelled_rows(files(**{capture_path(): event("a")}), {}, None) == {}


def test_row_that_was_refused_is_no_measurement_even_with_a_label() -> None:
    answered = event("a", request=b"M,,1,1,1,1,1,1\n", answer=b",,,,,length is missing\r\n")
    captures = files(**{capture_path(): answered, label_path(): label("a")})

    assert land_labelled_rows(captures, {}, None) == {}


def test_no_captures_are_told_with_the_remedy() -> None:
    with pytest.raises(AbaloneError, match=r"01_raw/captures of the data folder has no captures: .*make serve"):
        land_labelled_rows({}, {}, None)
