"""`model.tar.gz`: what is read from it, and every kind that is refused."""

import gzip
import io
import os
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abalone.model.artifact import MANIFEST, ONNX, ArtifactError
from abalone.serving.model_store import archive as archive_module
from abalone.serving.model_store.archive import read_archive
from support.artifacts import packed, summing_artifact, write_artifact

FILES = summing_artifact(1.0).files()
ARCHIVE = packed(FILES)


def of_members(*members: tarfile.TarInfo, content: bytes = b"") -> bytes:
    """An archive of such members, after the files of an artifact."""
    buffer = io.BytesIO(gzip.decompress(ARCHIVE))
    with tarfile.open(fileobj=buffer, mode="a:") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(content))
    return gzip.compress(buffer.getvalue())


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, target, size
    return info


def test_archive_gives_the_files_that_were_packed() -> None:
    assert read_archive(ARCHIVE) == FILES


def test_archive_of_a_folder_is_read_as_tar_packs_it(tmp_path: Path) -> None:
    folder = write_artifact(summing_artifact(1.0), tmp_path / "artifact")
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as tar:
        tar.add(folder, arcname=".")

    assert read_archive((tmp_path / "model.tar.gz").read_bytes()) == FILES


def test_names_that_begin_with_the_folder_itself_are_tolerated() -> None:
    assert read_archive(packed(FILES, prefix="./")) == FILES


@pytest.mark.parametrize(
    ("archive", "reason"),
    [
        (of_members(member("../model.onnx")), "'../model.onnx', which is no file of the artifact"),
        (of_members(member("/etc/passwd")), "'/etc/passwd', which is no file"),
        (of_members(member("code/inference.py")), "'code/inference.py', which is no file"),
        (of_members(member("././model.onnx")), "'././model.onnx', which is no file"),
        (of_members(member("code", tarfile.DIRTYPE)), "'code', which is no file"),
        (of_members(member("._model.onnx")), "'._model.onnx', which is no file"),
        (of_members(member(ONNX)), "model.onnx twice"),
        (of_members(member("./model.onnx")), "model.onnx twice"),
        (of_members(member(".", tarfile.SYMTYPE, "/")), "'.', which is no file"),
    ],
)
def test_anything_beside_the_files_of_the_artifact_is_refused_by_its_name(archive: bytes, reason: str) -> None:
    with pytest.raises(ArtifactError, match=reason) as refused:
        read_archive(archive)

    assert "tar -czf model.tar.gz model.onnx" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE]
)
def test_link_or_device_with_the_name_of_a_file_is_refused(kind: bytes) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        tar.addfile(member(ONNX, kind, "/etc/passwd"))

    with pytest.raises(ArtifactError, match=r"model\.onnx in the archive is a link or another special file"):
        read_archive(buffer.getvalue())


@pytest.mark.parametrize(("size", "reason"), [(4096, "special file"), (2**44, "claims 17,592,186,044,416 bytes")])
def test_sparse_file_is_refused_before_it_is_filled_up(size: int, reason: str) -> None:
    info = tarfile.TarInfo(ONNX)
    info.pax_headers = {"GNU.sparse.size": str(size), "GNU.sparse.map": "0,0", "GNU.sparse.name": ONNX}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(info)

    with pytest.raises(ArtifactError, match=reason):
        read_archive(buffer.getvalue())


def test_small_archive_that_unpacks_to_gigabytes_is_refused_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive_module, "MAX_BYTES", 8 * 1024 * 1024)
    bomb = gzip.compress(bytes(64 * 1024 * 1024), compresslevel=1)

    with pytest.raises(ArtifactError, match="unpacks to more than 8,388,608 bytes"):
        read_archive(bomb)


def test_header_that_claims_more_than_there_is_does_not_help() -> None:
    huge = tarfile.TarInfo(ONNX)
    huge.size = 2**60

    with pytest.raises(ArtifactError, match="claims"):
        read_archive(gzip.compress(huge.tobuf(tarfile.GNU_FORMAT) + bytes(1024)))


def test_negative_size_is_refused() -> None:
    raw = bytearray(tarfile.TarInfo(ONNX).tobuf(tarfile.GNU_FORMAT))
    raw[124:136] = b"\xff" * 12  # -1, base 256
    raw[148:156] = b"%06o\0 " % tarfile.calc_chksums(bytes(raw))[0]

    with pytest.raises(ArtifactError):
        read_archive(gzip.compress(bytes(raw) + bytes(1024)))


@pytest.mark.parametrize(
    "archive",
    [b"", b"no archive", ARCHIVE[: len(ARCHIVE) // 2], gzip.compress(b"no tar"), gzip.compress(os.urandom(2048))],
    ids=["empty", "text", "half", "zipped text", "zipped noise"],
)
def test_damaged_archive_is_told_as_damaged(archive: bytes) -> None:
    with pytest.raises(ArtifactError, match=r"the archive is damaged .*: copy it again"):
        read_archive(archive)


def flipped(data: bytes, at: int, bits: int) -> bytes:
    return data[:at] + bytes([data[at] ^ bits]) + data[at + 1 :]


TAR = gzip.decompress(ARCHIVE)


@settings(max_examples=150)
@given(at=st.integers(0, len(TAR) - 1), bits=st.integers(1, 255), cut=st.integers(0, len(TAR)))
def test_changed_or_cut_archive_is_read_or_refused_and_nothing_else(at: int, bits: int, cut: int) -> None:
    for changed in (flipped(TAR, at, bits), TAR[:cut], flipped(TAR, at, bits)[:cut]):
        try:
            files = read_archive(gzip.compress(changed, compresslevel=0))
        except ArtifactError:
            continue
        assert set(files) <= set(FILES)


@settings(max_examples=100)
@given(st.binary(max_size=600).map(lambda header: header.ljust(1024, b"\0")))
def test_noise_is_never_taken_for_an_artifact(noise: bytes) -> None:
    try:
        files = read_archive(gzip.compress(noise))
    except ArtifactError:
        return
    assert MANIFEST not in files
