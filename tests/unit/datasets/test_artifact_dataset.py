import json
from pathlib import Path

import pytest
from kedro.io import DatasetError, Version

from abalone.datasets.artifact import ArtifactDataset, ChampionDataset
from abalone.model.artifact import MANIFEST, Artifact

FIRST = Artifact(onnx=b"first graph", skops=b"first model", metadata={"name": "first"})
SECOND = Artifact(onnx=b"second graph", skops=b"second model", metadata={"name": "second"})


def dataset(folder: Path, load: str | None = None, save: str | None = None) -> ArtifactDataset:
    return ArtifactDataset(filepath=(folder / "model").as_posix(), version=Version(load, save))


def champion(folder: Path) -> ChampionDataset:
    return ChampionDataset(filepath=(folder / "champion.json").as_posix(), versions="model")


def promote(folder: Path, version: str | None) -> None:
    (folder / "champion.json").write_text(json.dumps({"version": version}), encoding="utf-8")


def test_newest_version_is_loaded_and_knows_its_name(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)
    dataset(tmp_path, save="2026-01-02").save(SECOND)

    loaded = dataset(tmp_path).load()

    assert loaded.onnx == SECOND.onnx
    assert loaded.metadata == SECOND.metadata
    assert loaded.digest == SECOND.digest
    assert loaded.version == "2026-01-02"


def test_older_version_can_be_asked_for(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)
    dataset(tmp_path, save="2026-01-02").save(SECOND)

    assert dataset(tmp_path, load="2026-01-01").load().onnx == FIRST.onnx


def test_version_without_a_manifest_does_not_exist(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)
    dataset(tmp_path, save="2026-01-02").save(SECOND)
    (tmp_path / "model" / "2026-01-02" / "model" / MANIFEST).unlink()

    assert dataset(tmp_path).load().version == "2026-01-01"
    assert dataset(tmp_path).exists()
    with pytest.raises(DatasetError, match="holds no model artifact"):
        dataset(tmp_path, load="2026-01-02").load()


def test_saved_version_is_never_overwritten(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)

    with pytest.raises(DatasetError, match="must not exist"):
        dataset(tmp_path, save="2026-01-01").save(SECOND)


def test_changed_file_is_refused(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)
    (tmp_path / "model" / "2026-01-01" / "model" / "model.onnx").write_bytes(b"another graph")

    with pytest.raises(DatasetError, match=r"2026-01-01/model: model\.onnx is not the file"):
        dataset(tmp_path).load()


def test_file_that_a_desktop_left_behind_does_no_harm(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)
    (tmp_path / "model" / "2026-01-01" / "model" / ".DS_Store").write_bytes(b"icons")

    assert dataset(tmp_path).load().onnx == FIRST.onnx


def test_nothing_saved_yet_is_told(tmp_path: Path) -> None:
    assert not dataset(tmp_path).exists()
    with pytest.raises(DatasetError, match="Did not find any versions"):
        dataset(tmp_path).load()


def test_there_is_no_champion_until_one_is_named(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)

    assert champion(tmp_path).load() is None
    assert not champion(tmp_path).exists()

    promote(tmp_path, None)
    assert champion(tmp_path).load() is None


def test_champion_is_the_version_that_the_record_names(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)
    dataset(tmp_path, save="2026-01-02").save(SECOND)
    promote(tmp_path, "2026-01-01")

    loaded = champion(tmp_path).load()

    assert loaded is not None
    assert loaded.onnx == FIRST.onnx
    assert champion(tmp_path).exists()


def test_record_that_names_a_missing_version_is_told(tmp_path: Path) -> None:
    promote(tmp_path, "2026-01-01")

    with pytest.raises(DatasetError, match=r"2026-01-01.*delete .*champion\.json"):
        champion(tmp_path).load()


def test_champion_that_was_changed_is_told_with_its_place_and_the_remedy(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)
    promote(tmp_path, "2026-01-01")
    (tmp_path / "model" / "2026-01-01" / "model" / "model.onnx").write_bytes(b"another graph")

    with pytest.raises(DatasetError, match=r"2026-01-01/model: model\.onnx is not .*delete .*champion\.json"):
        champion(tmp_path).load()


@pytest.mark.parametrize("record", ['{"version": ', "[]", "{}", '{"version": 5}', "null"])
def test_damaged_record_is_told_with_the_remedy(tmp_path: Path, record: str) -> None:
    (tmp_path / "champion.json").write_text(record, encoding="utf-8")

    with pytest.raises(DatasetError, match=r"champion\.json does not name a champion .* delete it"):
        champion(tmp_path).load()


def test_champion_is_not_saved_as_an_artifact(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="champion_record"):
        champion(tmp_path).save(FIRST)  # type: ignore[arg-type]


def test_descriptions_say_where_things_are(tmp_path: Path) -> None:
    assert "model" in str(dataset(tmp_path))
    assert "champion.json" in str(champion(tmp_path))
