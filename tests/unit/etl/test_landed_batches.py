from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.etl.batches import Rules, landed_batches
from abalone.etl.folder import DataFolder
from support.tables import land

RULES = Rules(0.1, 10_000)


def fingerprints(data: Path, rules: Rules = RULES) -> dict[str, str]:
    return {batch.name: batch.fingerprint for batch in landed_batches(DataFolder(str(data)), rules)}


def test_batches_are_named_and_sorted_as_the_pipelines_do(tmp_path: Path) -> None:
    land({"b.csv": b"1", "a/c.CSV": b"22", ".hidden.csv": b"", "notes.txt": b""}, tmp_path)

    batches = landed_batches(DataFolder(str(tmp_path)), RULES)

    assert [(batch.name, batch.path, batch.size) for batch in batches] == [
        ("a/c", "01_raw/landing/a/c.CSV", 2),
        ("b", "01_raw/landing/b.csv", 1),
    ]


def test_fingerprint_is_of_content_name_and_parameters_and_not_of_time(tmp_path: Path) -> None:
    land({"a.csv": b"1", "b.csv": b"1"}, tmp_path)
    first = fingerprints(tmp_path)
    land({"a.csv": b"1", "b.csv": b"2"}, tmp_path)
    second = fingerprints(tmp_path)

    assert second["a"] == first["a"]
    assert len({first["a"], first["b"], second["b"], fingerprints(tmp_path, Rules(0.2, 10_000))["a"]}) == 4


def test_landing_zone_that_is_not_there_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(AbaloneError, match="no batch: put a CSV file"):
        fingerprints(tmp_path)
