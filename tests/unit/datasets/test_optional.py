from pathlib import Path

import pandas as pd

from abalone.datasets.optional import OptionalCSVDataset, OptionalPartitionedDataset, OptionalYAMLDataset


def test_missing_file_is_an_empty_mapping(tmp_path: Path) -> None:
    assert OptionalYAMLDataset(filepath=str(tmp_path / "tuned.yml")).load() == {}


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    dataset = OptionalYAMLDataset(filepath=str(tmp_path / "tuned.yml"))

    dataset.save({"kernel": {"ridge": 0.1}})

    assert dataset.load() == {"kernel": {"ridge": 0.1}}


def test_emptied_file_is_an_empty_mapping(tmp_path: Path) -> None:
    (tmp_path / "tuned.yml").touch()

    assert OptionalYAMLDataset(filepath=str(tmp_path / "tuned.yml")).load() == {}


def test_missing_table_is_empty_and_a_written_one_is_loaded(tmp_path: Path) -> None:
    dataset = OptionalCSVDataset(filepath=str(tmp_path / "history.csv"), save_args={"index": False})

    assert dataset.load().empty
    dataset.save(pd.DataFrame({"rows": [500]}))

    assert dataset.load()["rows"].tolist() == [500]


def test_missing_folder_holds_no_files_and_another_one_those_with_the_ending(tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    dataset = OptionalPartitionedDataset(path=str(folder), dataset="text.TextDataset", filename_suffix=".jsonl")

    assert dataset.load() == {}
    (folder / "abalone").mkdir(parents=True)
    (folder / "abalone" / "a.jsonl").write_text("{}\n", encoding="utf-8")
    (folder / "abalone" / "notes.txt").write_text("no capture", encoding="utf-8")

    assert {name: load() for name, load in dataset.load().items()} == {"abalone/a": "{}\n"}
