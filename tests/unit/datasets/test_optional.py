from pathlib import Path

from abalone.datasets.optional import OptionalYAMLDataset


def test_missing_file_is_an_empty_mapping(tmp_path: Path) -> None:
    assert OptionalYAMLDataset(filepath=str(tmp_path / "tuned.yml")).load() == {}


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    dataset = OptionalYAMLDataset(filepath=str(tmp_path / "tuned.yml"))

    dataset.save({"kernel": {"ridge": 0.1}})

    assert dataset.load() == {"kernel": {"ridge": 0.1}}


def test_emptied_file_is_an_empty_mapping(tmp_path: Path) -> None:
    (tmp_path / "tuned.yml").touch()

    assert OptionalYAMLDataset(filepath=str(tmp_path / "tuned.yml")).load() == {}
