from pathlib import Path

import pandas as pd
import pytest

from abalone.errors import AbaloneError
from abalone.pipelines.ingestion.nodes import (
    check_quarantine,
    drop_duplicates,
    report_ingestion,
    validate_batches,
)
from abalone.schema import COLUMN_NAMES

LANDING_FILE = Path(__file__).parents[4] / "data" / "01_raw" / "landing" / "uci_abalone.csv"
HEADER = ",".join(COLUMN_NAMES)
ROW = "M,0.455,0.365,0.095,0.514,0.2245,0.101,0.15,15"
OTHER_ROW = "F,0.53,0.42,0.135,0.677,0.2565,0.1415,0.21,9"
BAD_ROW = "F,0.53,0.42,0,0.677,0.2565,0.1415,0.21,9"


def batch(*rows: str):
    return lambda: "\n".join([HEADER, *rows, ""]).encode()


def ingest(landing_batches):
    valid, quarantine, rows_in = validate_batches(landing_batches, 0.1, 10_000)
    unique, duplicates = drop_duplicates(valid)
    report, quarantine_report = report_ingestion(unique, duplicates, quarantine, rows_in)
    return unique, quarantine, report, quarantine_report


def test_real_data_lose_only_the_eight_impossible_rows():
    unique, quarantine, report, _ = ingest({"uci_abalone.csv": LANDING_FILE.read_bytes})

    data_row = quarantine["line"] - 2  # 0-based, below the header
    assert data_row.tolist() == [1210, 1216, 1257, 2051, 2627, 2641, 3086, 3996]
    assert (report["rows_in"], report["accepted"], report["quarantined"], report["duplicates"]) == (4177, 4169, 8, 0)
    original = pd.read_csv(LANDING_FILE).drop(index=data_row).reset_index(drop=True)
    pd.testing.assert_frame_equal(unique[list(COLUMN_NAMES)], original)


def test_real_data_are_flagged_for_heavy_parts_and_implausible_heights():
    unique, _, report, _ = ingest({"uci_abalone.csv": LANDING_FILE.read_bytes})

    # 42 rows have parts that weigh over 10 % more than the whole; 5 of them are impossible and quarantined.
    assert report["flags"]["parts_within_whole"] == 37
    implausible = unique[unique["flags"].str.contains("plausible_height")]
    assert {1174, 1417} <= set(implausible["line"] - 2)
    assert report["flags"]["plausible_height"] == len(implausible) == 4


def test_empty_landing_zone_is_an_error_that_says_what_to_do():
    with pytest.raises(AbaloneError, match="no batch: put a CSV file into 01_raw/landing of the data folder"):
        validate_batches({}, 0.1, 10_000)


def test_rows_and_faults_of_many_small_batches_keep_their_batch_and_line():
    batches = {f"{place:03}.csv": batch(ROW, "nothing", BAD_ROW, *[OTHER_ROW] * (place % 3)) for place in range(60)}

    valid, quarantine, rows_in = validate_batches(batches, 0.1, 10_000)

    names = [f"{place:03}" for place in range(60)]
    assert list(rows_in) == names
    assert [(row.batch, row.line) for row in quarantine.itertuples()] == [
        (name, line) for name in names for line in (3, 4)
    ]
    assert quarantine["reasons"].str.startswith(("line has the wrong", "height is not above 0")).all()
    assert [(row.batch, row.line) for row in valid.itertuples()] == [
        (name, line) for name in names for line in (2, *range(5, 5 + int(name) % 3))
    ]


def test_batches_are_the_same_whether_validated_at_once_or_one_by_one(monkeypatch):
    batches = {f"{place}.csv": batch(ROW, BAD_ROW, "nothing") for place in range(3)}
    batches["1.csv"] = lambda: b""
    at_once = validate_batches(batches, 0.1, 10_000)

    monkeypatch.setattr("abalone.pipelines.ingestion.chunks.BYTES_AT_ONCE", 1)
    one_by_one = validate_batches(batches, 0.1, 10_000)

    pd.testing.assert_frame_equal(at_once[0], one_by_one[0])
    pd.testing.assert_frame_equal(at_once[1], one_by_one[1])
    assert at_once[2] == one_by_one[2]


def test_batches_are_stored_by_name_whatever_the_order_they_are_listed_in():
    batches = {"b.csv": batch(OTHER_ROW, BAD_ROW), "a.csv": batch(BAD_ROW, ROW)}

    forwards, backwards = ingest(batches), ingest(dict(reversed(batches.items())))

    assert forwards[0]["batch"].tolist() == ["a", "b"]
    assert forwards[1]["batch"].tolist() == ["a", "b"]
    pd.testing.assert_frame_equal(forwards[0], backwards[0])
    assert forwards[2] == backwards[2]


def test_first_of_equal_rows_is_kept_whatever_its_batch_and_writing():
    unique, _, report, _ = ingest(
        {"b.csv": batch(ROW), "a.csv": batch(OTHER_ROW, ROW.replace("0.514", "5.14e-1"), ROW)}
    )

    assert unique[["batch", "line"]].to_numpy().tolist() == [["a", 2], ["a", 3]]
    assert report["batches"]["a"] == {"rows_in": 3, "accepted": 2, "quarantined": 0, "duplicates": 1}
    assert report["batches"]["b"] == {"rows_in": 1, "accepted": 0, "quarantined": 0, "duplicates": 1}


def test_refused_batch_is_reported_with_its_rows_and_reason_beside_the_others(caplog):
    _, _, report, _ = ingest(
        {"good.csv": batch(ROW), "bad.csv": f"{ROW}\n{OTHER_ROW}".encode, "empty.csv": lambda: b""}
    )

    assert (report["rows_in"], report["accepted"], report["quarantined"]) == (3, 1, 2)
    assert list(report["refused_batches"]) == ["bad", "empty"]
    assert report["reasons"] == {"batch has no header line": 2, "batch is empty": 0}
    assert "batch bad is quarantined whole: batch has no header line" in caplog.text


def test_lost_row_is_an_error():
    unique, quarantine, rows_in = validate_batches({"a.csv": batch(ROW, OTHER_ROW)}, 0.1, 10_000)

    with pytest.raises(AbaloneError, match="Rows of batch a are unaccounted for"):
        report_ingestion(unique.iloc[1:], unique.iloc[:0], quarantine, rows_in)


def test_quarantine_at_the_limit_passes_the_rows_and_their_report_on_unchanged():
    unique, _, report, _ = ingest({"a.csv": batch(ROW, OTHER_ROW, BAD_ROW, BAD_ROW)})

    measurements, accepted_report = check_quarantine(unique, report, max_quarantined_fraction=0.5)

    assert measurements is unique
    assert accepted_report is report


def test_quarantine_above_the_limit_stops_the_run_and_says_why_and_where():
    unique, _, report, _ = ingest({"a.csv": batch(ROW, BAD_ROW, BAD_ROW, "nothing")})

    with pytest.raises(AbaloneError) as caught:
        check_quarantine(unique, report, max_quarantined_fraction=0.5)

    message = str(caught.value)
    assert "3 of 4 rows (75.0%) are quarantined" in message
    assert "height is not above 0 (2), line has the wrong number of fields (1)" in message
    assert "see quarantine.csv in 08_reporting of the data folder" in message
    assert "\n" not in message


@pytest.mark.parametrize("content", [b"", f"{HEADER}\n{BAD_ROW}\n".encode()], ids=["no rows", "only bad rows"])
def test_run_stops_when_no_row_is_accepted_even_without_a_limit(content):
    unique, _, report, _ = ingest({"a.csv": lambda: content})

    with pytest.raises(AbaloneError, match=r"None of \d rows is accepted"):
        check_quarantine(unique, report, max_quarantined_fraction=1.0)


def test_quarantine_report_holds_the_rows_of_the_quarantine():
    _, quarantine, _, quarantine_report = ingest({"a.csv": batch(ROW, BAD_ROW, "nothing")})

    pd.testing.assert_frame_equal(quarantine_report, quarantine)
