import json
from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.etl.folder import DataFolder
from abalone.etl.manifest import current_tables, remove_leftovers, swap_tables
from abalone.etl.parsed import ParsedBatch, Part

PARTS = [Part("03_primary/etl/b/measurements/part-00000.parquet", 3), Part("03_primary/etl/b/part-00001.parquet", 4)]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(str(tmp_path))


def test_manifest_names_the_files_and_keeps_the_run_before(folder: DataFolder, tmp_path: Path) -> None:
    swap_tables(folder, "a", {"measurements": PARTS[:1]}, None)
    first = current_tables(folder)
    swap_tables(folder, "b", {"measurements": PARTS}, first)

    manifest = json.loads((tmp_path / "03_primary" / "tables.json").read_text())

    assert manifest["run"] == "b"
    assert manifest["tables"]["measurements"] == {"files": [part.file for part in PARTS], "rows": 7}
    assert manifest["previous"]["run"] == "a"
    assert "previous" not in manifest["previous"]


def test_tables_that_another_run_has_changed_meanwhile_are_left_to_it(folder: DataFolder) -> None:
    before = current_tables(folder)
    swap_tables(folder, "other", {}, before)

    with pytest.raises(AbaloneError, match=r"changed by another run \(other\).*run again"):
        swap_tables(folder, "mine", {}, before)


def test_only_the_current_run_the_one_before_and_the_batches_in_use_are_kept(
    folder: DataFolder, tmp_path: Path
) -> None:
    for name in ("03_primary/etl/1", "03_primary/etl/2", "03_primary/etl/3", "03_primary/etl/4"):
        folder.write(f"{name}/measurements/part-00000.parquet", b"")
    for fingerprint in ("gone", "used"):
        folder.write(f"02_intermediate/etl/{fingerprint}/parsed.json", b"{}")
    used = ParsedBatch("site", 0, [], [], "", "used")

    removed = remove_leftovers(folder, "3", {"run": "1", "tables": {}}, [used])

    assert removed == 2
    # 4 belongs to a job that began later
    assert sorted(path.name for path in (tmp_path / "03_primary" / "etl").iterdir()) == ["1", "3", "4"]
    assert [path.name for path in (tmp_path / "02_intermediate" / "etl").iterdir()] == ["used"]
