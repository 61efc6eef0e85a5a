"""Which files of the landing zone are batches, and what they are called."""

import logging
import os

import pytest

from abalone.errors import AbaloneError
from abalone.pipelines.ingestion.landing import batches_by_name
from abalone.pipelines.ingestion.nodes import validate_batches
from abalone.schema import COLUMN_NAMES

HEADER = ",".join(COLUMN_NAMES)
ROW = "M,0.455,0.365,0.095,0.514,0.2245,0.101,0.15,15"


def test_batches_are_the_files_that_end_in_csv_named_without_the_ending_and_sorted():
    assert list(batches_by_name({"c.csv": 1, "b.CSV": 2, "site/a.csv": 3, "d.2024.csv": 4}).items()) == [
        ("b", 2),
        ("c", 1),
        ("d.2024", 4),
        ("site/a", 3),
    ]


def test_other_files_are_left_out_with_a_warning_each(caplog):
    assert batches_by_name({"a.csv": 1, "survey.txt": 2, "b.csv.gz": 3, "csv": 4}) == {"a": 1}

    assert [record.message.partition(" is not read: ")[0] for record in caplog.records] == [
        "b.csv.gz",
        "csv",
        "survey.txt",
    ]
    assert all("its name does not end in .csv" in record.message for record in caplog.records)
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


@pytest.mark.parametrize("name", [".gitkeep", ".hidden.csv", ".cache/a.csv", "a.csv.0f3e.partial", ""])
def test_hidden_and_unfinished_files_are_left_out_silently(name, caplog):
    assert batches_by_name({"a.csv": 1, name: 2}) == {"a": 1}
    assert not caplog.records


def test_two_files_of_one_batch_are_an_error_that_names_both():
    with pytest.raises(AbaloneError, match=r"a\.CSV and a\.csv .* batch a: rename one"):
        batches_by_name({"a.csv": 1, "a.CSV": 2})


@pytest.mark.parametrize("files", [{}, {"survey.txt": 1}, {".gitkeep": 1}])
def test_landing_zone_without_a_batch_is_an_error(files):
    with pytest.raises(AbaloneError, match="no batch: put a CSV file into 01_raw/landing of the data folder"):
        batches_by_name(files)


def test_file_name_that_is_not_utf8_is_escaped_wherever_it_is_shown(caplog):
    name = os.fsdecode(b"\xff\xfe")
    files = {f"{name}.csv": f"{HEADER}\n{ROW}\nbad\n".encode, f"{name}.txt": lambda: b""}

    valid, quarantine, rows_in = validate_batches(files, parts_tolerance=0.1, maximum_line_bytes=10_000)

    assert list(rows_in) == valid["batch"].tolist() == quarantine["batch"].tolist() == [r"\udcff\udcfe"]
    assert r"\udcff\udcfe.txt is not read" in caplog.text
