from pathlib import Path

import pytest
from kedro.io import DatasetError, Version

from abalone.datasets.artifact import ArtifactDataset
from abalone.model.artifact import MANIFEST, Artifact

FIRST = Artifact(onnx=b"first graph", skops=b"first model", metadata={"name": "first"})
SECOND = Artifact(onnx=b"second graph", skops=b"second model", metadata={"name": "second"})


def dataset(folder: Path, load: str | None = None, save: str | None = None) -> ArtifactDataset:
    return ArtifactDataset(filepath=(folder / "model").as_posix(), version=Version(load, save))


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


def test_descriptions_say_where_things_are(tmp_path: Path) -> None:
    assert "model" in str(dataset(tmp_path))
