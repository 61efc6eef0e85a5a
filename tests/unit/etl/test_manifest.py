import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.etl.folder import DataFolder
from abalone.etl.manifest import RUNS, current_tables, remove_leftovers, swap_tables, whole_run
from abalone.etl.parsed import ParsedBatch, Part
from abalone.etl.reports import REPORTS

PARTS = [Part(f"{RUNS}/b/measurements/part-00000.parquet", 3), Part(f"{RUNS}/b/measurements/part-00001.parquet", 4)]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(str(tmp_path))


@pytest.fixture
def made(folder: DataFolder) -> DataFolder:
    """The folder with all files of run b, which has made them of some inputs."""
    for file in (*(part.file for part in PARTS), *(f"{RUNS}/b/{report}" for report in REPORTS)):
        folder.write(file, b"")
    swap_tables(folder, "b", "inputs", {"measurements": PARTS}, current_tables(folder))
    return folder


def test_manifest_names_the_files_and_keeps_the_run_before(folder: DataFolder, tmp_path: Path) -> None:
    swap_tables(folder, "a", "inputs", {"measurements": PARTS[:1]}, current_tables(folder))
    swap_tables(folder, "b", "other inputs", {"measurements": PARTS}, current_tables(folder))

    manifest = json.loads((tmp_path / "03_primary" / "tables.json").read_text())

    assert (manifest["run"], manifest["inputs"]) == ("b", "other inputs")
    assert manifest["tables"]["measurements"] == {"files": [part.file for part in PARTS], "rows": 7}
    assert manifest["previous"]["run"] == "a"
    assert "previous" not in manifest["previous"]


def test_of_several_runs_at_once_one_swaps_the_tables(folder: DataFolder) -> None:
    swap_tables(folder, "0", "inputs", {}, current_tables(folder))
    all_have_begun = threading.Barrier(4, timeout=60)

    def swap(run: str) -> str:
        current = current_tables(folder)
        all_have_begun.wait()
        try:
            swap_tables(folder, run, "inputs", {}, current)
        except AbaloneError as error:
            return str(error)
        return run

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(swap, "1234"))

    now = current_tables(folder).manifest
    assert now
    assert [each for each in ended if len(each) == 1] == [now["run"]]
    assert all("changed by another run" in each and "run again" in each for each in ended if len(each) > 1)


def test_run_is_whole_with_all_its_tables_and_reports(made: DataFolder) -> None:
    assert whole_run(made, current_tables(made)) == "b"


def test_there_is_no_run_before_the_first(folder: DataFolder) -> None:
    current = current_tables(folder)

    assert (whole_run(folder, current), current.inputs) == (None, None)


@pytest.mark.parametrize("gone", [PARTS[1].file, f"{RUNS}/b/{REPORTS[0]}"])
def test_run_of_which_a_file_is_gone_is_not_whole(made: DataFolder, gone: str) -> None:
    made.remove(gone)

    assert whole_run(made, current_tables(made)) is None


def test_manifest_tells_its_inputs_or_nothing_of_them(made: DataFolder) -> None:
    current = current_tables(made)
    assert current.inputs == "inputs"
    assert current.manifest
    del current.manifest["inputs"]

    assert current.inputs is None


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
