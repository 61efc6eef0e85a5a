"""Every place that a model is loaded from, on this machine."""

import json
import os
from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.model.artifact import MANIFEST, ONNX, ArtifactError
from abalone.serving.model_store import UnavailableError, folders, model_source
from support.artifacts import packed, promote, summing_artifact, write_artifact

FIRST, SECOND = summing_artifact(1.0), summing_artifact(2.0)


def test_folder_of_the_files_is_loaded(tmp_path: Path) -> None:
    loaded = model_source(str(write_artifact(FIRST, tmp_path))).load()

    assert (loaded.digest, loaded.version) == (FIRST.digest, "")


def test_what_a_desktop_leaves_behind_in_the_folder_is_no_part_of_the_artifact(tmp_path: Path) -> None:
    write_artifact(FIRST, tmp_path)
    (tmp_path / ".DS_Store").write_bytes(b"...")
    (tmp_path / "lost+found").mkdir()

    assert model_source(str(tmp_path)).load().digest == FIRST.digest


@pytest.mark.parametrize("location", ["model.tar.gz", "."])
def test_archive_is_loaded_by_its_name_and_from_its_folder(tmp_path: Path, location: str) -> None:
    (tmp_path / "model.tar.gz").write_bytes(packed(FIRST.files()))

    loaded = model_source(str(tmp_path / location)).load()

    assert loaded.digest == FIRST.digest
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.tar.gz"]  # nothing was unpacked


@pytest.mark.parametrize("location", ["champion.json", "."])
def test_champion_is_loaded_with_its_version_by_its_record_and_from_its_folder(tmp_path: Path, location: str) -> None:
    promote(SECOND, "2026-01-02T00.00.00.000Z", tmp_path)
    promote(FIRST, "2026-01-01T00.00.00.000Z", tmp_path)

    loaded = model_source(str(tmp_path / location)).load()

    assert (loaded.digest, loaded.version) == (FIRST.digest, "2026-01-01T00.00.00.000Z")


def test_version_that_is_not_the_one_that_was_promoted_is_refused(tmp_path: Path) -> None:
    record = promote(FIRST, "2026-01-01", tmp_path)
    write_artifact(SECOND, tmp_path / "model/2026-01-01/model")

    with pytest.raises(ArtifactError, match=f"names digest {FIRST.digest}, but version 2026-01-01 has {SECOND.digest}"):
        model_source(str(record)).load()


def test_record_without_a_digest_names_a_version_all_the_same(tmp_path: Path) -> None:
    record = promote(FIRST, "2026-01-01", tmp_path)
    record.write_text('{"version": "2026-01-01"}')

    assert model_source(str(record)).load().digest == FIRST.digest


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[]",
        "{}",
        '"2026"',
        '{"version": 7}',
        '{"version": ""}',
        '{"version": ".."}',
        '{"version": "../../etc"}',
        '{"version": "a/b"}',
        '{"version": "2026", "digest": 7}',
        "\xff",
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_record_that_names_no_version_is_told(tmp_path: Path, record: str) -> None:
    (tmp_path / "champion.json").write_bytes(record.encode("latin-1"))

    with pytest.raises(ArtifactError, match=r"champion\.json does not name a champion .*: write one of the versions"):
        model_source(str(tmp_path)).load()


def test_record_that_names_no_champion_yet_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "champion.json").write_text('{"version": null, "digest": null}')

    with pytest.raises(UnavailableError, match=r"names no champion yet: train first \(make run\)"):
        model_source(str(tmp_path)).fingerprint()


@pytest.mark.parametrize("location", ["", "nowhere", "champion.json", "model.tar.gz", "file", "file/model.tar.gz"])
def test_missing_model_is_told_with_what_to_do(tmp_path: Path, location: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(AbaloneError, match=r"train first \(make run\), or name a place .* in ABALONE_SERVING_MODEL"):
        model_source(str(tmp_path / location)).fingerprint()


@pytest.mark.parametrize("name", list(FIRST.files()))
def test_artifact_without_one_of_its_files_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    (write_artifact(FIRST, tmp_path / "model/1/model") / name).unlink()
    (tmp_path / "champion.json").write_text('{"version": "1"}')

    with pytest.raises(ArtifactError, match=f"{tmp_path}/model/1/model: .*{name} is missing"):
        model_source(str(tmp_path)).load()


def test_metadata_that_is_no_json_is_told_with_its_place(tmp_path: Path) -> None:
    files = {**FIRST.files(), "metadata.json": b"{"}
    manifest = json.loads(files[MANIFEST])
    manifest["sha256"]["metadata.json"] = "021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96"
    files[MANIFEST] = json.dumps(manifest).encode()
    (tmp_path / "model.tar.gz").write_bytes(packed(files))

    with pytest.raises(ArtifactError, match=r"model\.tar\.gz: .*line 1"):
        model_source(str(tmp_path)).load()


def test_file_larger_than_any_artifact_is_not_read(tmp_path: Path) -> None:
    write_artifact(FIRST, tmp_path)
    with (tmp_path / ONNX).open("r+b") as file:
        file.truncate(folders.MAX_BYTES + 1)  # sparse: it takes no place

    with pytest.raises(ArtifactError, match=r"model\.onnx has 268,435,457 bytes"):
        model_source(str(tmp_path)).load()


def test_pipe_in_the_place_of_the_archive_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "model.tar.gz")

    with pytest.raises(UnavailableError, match="there is no"):
        model_source(str(tmp_path / "model.tar.gz")).fingerprint()


@pytest.mark.parametrize("name", list(FIRST.files()))
def test_fingerprint_changes_when_any_file_of_the_artifact_does(tmp_path: Path, name: str) -> None:
    source = model_source(str(promote(FIRST, "1", tmp_path)))
    before = source.fingerprint()
    assert source.fingerprint() == before

    (tmp_path / "model/1/model" / name).write_bytes(b"other")

    assert source.fingerprint() != before


def test_fingerprint_changes_when_an_equally_large_file_is_renamed_into_place(tmp_path: Path) -> None:
    source = model_source(str(write_artifact(FIRST, tmp_path / "artifact")))
    before = source.fingerprint()
    original = tmp_path / "artifact" / ONNX
    copy = tmp_path / "copy"
    copy.write_bytes(original.read_bytes())
    times = original.stat().st_atime_ns, original.stat().st_mtime_ns
    os.utime(copy, ns=times)

    copy.replace(original)

    assert source.fingerprint() != before


def test_fingerprint_changes_when_another_version_is_promoted(tmp_path: Path) -> None:
    source = model_source(str(promote(FIRST, "1", tmp_path)))
    before = source.fingerprint()

    promote(SECOND, "2", tmp_path)

    assert source.fingerprint() != before
    assert source.load().version == "2"


def test_folder_may_hold_a_model_in_another_way_later(tmp_path: Path) -> None:
    (tmp_path / "model.tar.gz").write_bytes(packed(FIRST.files()))
    source = model_source(str(tmp_path))
    before = source.fingerprint()

    promote(SECOND, "2", tmp_path)

    assert source.fingerprint() != before
    assert source.load().digest == SECOND.digest
