import pandas as pd

from abalone.pipelines.ingestion.batch import read_batch
from abalone.pipelines.ingestion.quarantine import count_reasons, for_spreadsheets, quarantine_entries, quarantine_table
from abalone.pipelines.ingestion.text import printable, quote
from abalone.schema import COLUMN_NAMES

HEADER = ",".join(COLUMN_NAMES).encode()


def quarantine(*entries: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame(entries, columns=["reasons", "rows"])


def test_empty_quarantine_keeps_its_columns_and_types():
    entries = quarantine_table(quarantine_entries("batch", read_batch(HEADER + b"\nrow", 100), {}))

    assert entries.dtypes.astype(str).to_dict() == {
        "batch": "str",
        "line": "int64",
        "raw_line": "str",
        "reasons": "str",
        "rows": "int64",
    }


def test_entry_shows_the_physical_line_below_blank_lines():
    entries = quarantine_entries("batch", read_batch(HEADER + b"\n\n\nfirst\n\nsecond", 100), {6: ["one", "two"]})

    assert entries == [("batch", 6, "second", "one; two", 1)]


def test_reasons_are_counted_by_kind_and_by_the_rows_they_stand_for():
    counts = count_reasons(quarantine(("batch is empty: x", 0), ("a: 1; b: 2", 1), ("a: 3; a: 4", 1), ("c: 1", 40)))

    assert counts == {"c": 40, "a": 2, "b": 1, "batch is empty": 0}


def test_formulas_are_disarmed_for_spreadsheets_and_nothing_else_is_changed():
    table = pd.DataFrame({"batch": "b", "raw_line": ["=cmd()", "+1", "@x", "-1", "M,1"]}, dtype="str")

    assert for_spreadsheets(table)["raw_line"].tolist() == ["'=cmd()", "'+1", "'@x", "'-1", "M,1"]


def test_printable_escapes_and_cuts():
    assert printable(b"\xe9\x1b\ttext", 4) == r"\xe9\x1b\tt... (7 bytes)"
    assert printable("é 鮑".encode(), 100) == "é 鮑"


def test_quoted_value_cannot_look_like_two_reasons():
    assert quote("a; \t b;  c") == "'a;\\t b;c'"
