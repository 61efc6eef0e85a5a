"""Labelled rows of the service become landing batches."""

import logging
from typing import Any

import pandas as pd
import pytest

from abalone.captures import Files
from abalone.errors import AbaloneError
from abalone.pipelines.feedback.nodes import land_labelled_rows
from abalone.pipelines.ingestion.batch import read_batch
from abalone.pipelines.monitoring.decision import ALARM
from abalone.pipelines.monitoring.history import COLUMNS
from abalone.schema import COLUMN_NAMES
from support.served import NOON, ROW, capture_path, event, files, label, label_path

DAY = 24 * 3600
HEADER = ",".join(COLUMN_NAMES)
FIRST_DAY, SECOND_DAY = "feedback_abalone_2026-09-21", "feedback_abalone_2026-09-22"


def batches_of(
    captures: Files, landed: Files | None = None, history: pd.DataFrame | None = None, **parameters: Any
) -> dict[str, bytes]:
    """What lands, with the usual parameters but for these."""
    batches, _ = landing_of(captures, landed, history, **parameters)
    return batches


def landing_of(
    captures: Files, landed: Files | None = None, history: pd.DataFrame | None = None, **parameters: Any
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The same, with the report."""
    usual = {"endpoint": None, "land_alarmed": False}
    return land_labelled_rows(
        captures, landed or {}, pd.DataFrame() if history is None else history, usual | parameters
    )


def readers(batches: dict[str, bytes]) -> Files:
    """What reads batches that have landed."""
    return {name: (lambda content=content: content) for name, content in batches.items()}


def windows(*lines: dict[str, Any]) -> pd.DataFrame:
    """The history of windows that ended in an alarm, unless a line says otherwise."""
    usual = {"endpoint": None, "from": None, "to": None, "decision": ALARM}
    return pd.DataFrame([usual | line for line in lines], columns=list(COLUMNS))


def test_batch_holds_the_labelled_rows_of_a_day_in_the_schemas_columns() -> None:
    captures = files(
        **{
            capture_path(): event("a", 3) + event("b", time=NOON + DAY) + event("c", time=NOON + 2 * DAY),
            label_path(): label("a", 9, row=1) + label("a", 11, row=3) + label("b", 7),
        }
    )

    batches = batches_of(captures)

    assert batches == {
        "feedback_abalone_2026-09-21": f"{HEADER}\n{ROW},9\n{ROW},11\n".encode(),
        "feedback_abalone_2026-09-22": f"{HEADER}\n{ROW},7\n".encode(),
    }


def test_ingestion_reads_the_numbers_that_were_served() -> None:
    request = b"F,0.1234567890123456,3e-1,.09,1,0.30000000000000004,0.2,0.15\n"
    captures = files(**{capture_path(): event("a", request=request), label_path(): label("a")})

    (content,) = batches_of(captures).values()
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

    early_batch, late_batch = (batches_of(files(**each)) for each in (contents, late))
    shuffled = batches_of(files(**dict(reversed(late.items()))))

    assert early_batch == {"feedback_abalone_2026-09-21": f"{HEADER}\n{ROW},9\n".encode()}
    assert late_batch == {"feedback_abalone_2026-09-21": f"{HEADER}\n{ROW},10\n{ROW},12\n".encode()}
    assert shuffled == late_batch


def test_batch_that_has_landed_is_not_written_again_unless_labels_have_come() -> None:
    contents = {capture_path(): event("a", 2) + event("b", time=NOON + DAY), label_path(): label("a") + label("b")}
    landed = readers(batches_of(files(**contents)))
    late = contents | {label_path("2026/10/01/00"): label("b", 12)}

    assert batches_of(files(**contents), landed) == {}
    assert list(batches_of(files(**late), landed)) == ["feedback_abalone_2026-09-22"]


def test_endpoint_may_be_chosen_and_each_has_batches_of_its_own() -> None:
    captures = files(
        **{
            capture_path(endpoint="abalone-dev"): event("a"),
            label_path(endpoint="abalone-dev"): label("a"),
            capture_path(endpoint="abalone-prd"): event("b"),
            label_path(endpoint="abalone-prd"): label("b"),
        }
    )

    assert list(batches_of(captures)) == [
        "feedback_abalone-dev_2026-09-21",
        "feedback_abalone-prd_2026-09-21",
    ]
    assert list(batches_of(captures, endpoint="abalone-prd")) == ["feedback_abalone-prd_2026-09-21"]
    with pytest.raises(AbaloneError, match=r"captured of endpoint abalone-tst.*mend feedback\.endpoint.*make serve"):
        batches_of(captures, endpoint="abalone-tst")


def test_captures_without_labels_are_no_batch() -> None:
    assert batches_of(files(**{capture_path(): event("a")})) == {}


def test_row_that_was_refused_is_no_measurement_even_with_a_label() -> None:
    answered = event("a", request=b"M,,1,1,1,1,1,1\n", answer=b",,,,,length is missing\r\n")
    captures = files(**{capture_path(): answered, label_path(): label("a")})

    assert batches_of(captures) == {}


def test_no_captures_are_told_with_the_remedy() -> None:
    with pytest.raises(AbaloneError, match=r"nothing has been captured, 01_raw/captures of .*make serve"):
        batches_of({})


TWO_DAYS = {
    capture_path(): event("a", 2) + event("b", time=NOON + DAY),
    label_path(): label("a") + label("a", row=2) + label("b", 7),
}
AFTER_NOON = {"from": "2026-09-21T14:13:20Z", "to": "2026-09-22T00:00:00Z"}


def test_day_of_an_alarm_is_held_back_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    batches, report = landing_of(files(**TWO_DAYS), history=windows(AFTER_NOON))

    assert list(batches) == [SECOND_DAY]
    assert report == {
        "labels": 3, "labelled_rows": 3, "landed_rows": 1, "unchanged_rows": 0, "held_back_rows": 2,
        "landed": [SECOND_DAY], "held_back": [FIRST_DAY], "doubtful": [],
    }  # fmt: skip
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warning.startswith("2 labelled rows are held back, as monitoring raised an alarm")
    assert FIRST_DAY in warning
    assert "--params feedback.land_alarmed=true" in warning


def test_day_of_an_alarm_lands_after_a_person_has_looked(caplog: pytest.LogCaptureFixture) -> None:
    batches = batches_of(files(**TWO_DAYS), history=windows(AFTER_NOON), land_alarmed=True)

    assert list(batches) == [FIRST_DAY, SECOND_DAY]
    assert "held back, as" not in caplog.text


def test_day_that_landed_before_its_alarm_is_left_as_it_is_and_told(caplog: pytest.LogCaptureFixture) -> None:
    landed = readers(batches_of(files(**TWO_DAYS)))
    late = TWO_DAYS | {label_path("2026/10/01/00"): label("a", 12)}

    unchanged, of_unchanged = landing_of(files(**TWO_DAYS), landed, windows(AFTER_NOON))
    changed, of_changed = landing_of(files(**late), landed, windows(AFTER_NOON))

    assert (unchanged, changed) == ({}, {})
    assert (of_unchanged["unchanged_rows"], of_unchanged["held_back_rows"]) == (3, 0)
    assert (of_changed["unchanged_rows"], of_changed["held_back_rows"]) == (1, 2)
    assert of_unchanged["doubtful"] == of_changed["doubtful"] == [FIRST_DAY]
    assert f"delete the wrong ones from 01_raw/landing ({FIRST_DAY})" in caplog.text


@pytest.mark.parametrize(
    ("window", "landed"),
    [
        ({"to": "2026-09-21T14:13:20Z"}, [FIRST_DAY, SECOND_DAY]),
        ({"to": "2026-09-21T15:00:00Z"}, [SECOND_DAY]),
        ({"from": "2026-09-22T00:00:00Z"}, [FIRST_DAY]),
        ({}, []),
        (AFTER_NOON | {"decision": "retrain"}, [FIRST_DAY, SECOND_DAY]),
        (AFTER_NOON | {"endpoint": "abalone"}, [SECOND_DAY]),
        (AFTER_NOON | {"endpoint": "abalone-dev"}, [FIRST_DAY, SECOND_DAY]),
    ],
)
def test_alarm_is_of_its_window_and_its_endpoint(window: dict[str, Any], landed: list[str]) -> None:
    assert list(batches_of(files(**TWO_DAYS), history=windows(window))) == landed


def test_history_from_before_endpoints_were_told_counts_for_all() -> None:
    history = windows(AFTER_NOON).drop(columns="endpoint")

    assert list(batches_of(files(**TWO_DAYS), history=history)) == [SECOND_DAY]
