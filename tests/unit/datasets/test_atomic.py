from pathlib import Path

import pytest

from abalone.datasets.atomic import AtomicLocalFileSystem


@pytest.fixture
def fs() -> AtomicLocalFileSystem:
    return AtomicLocalFileSystem(auto_mkdir=True)


@pytest.mark.parametrize(("mode", "content"), [("wb", b"new"), ("w", "new")])
def test_written_file_replaces_the_old_one(
    fs: AtomicLocalFileSystem, tmp_path: Path, mode: str, content: str | bytes
) -> None:
    target = tmp_path / "folder" / "report"
    target.parent.mkdir()
    target.write_text("old", encoding="utf-8")

    with fs.open(str(target), mode) as file:
        file.write(content)

    assert target.read_text(encoding="utf-8") == "new"
    assert [path.name for path in target.parent.iterdir()] == ["report"]


@pytest.mark.parametrize(("mode", "content"), [("wb", b"half"), ("w", "half")])
def test_error_while_writing_leaves_the_old_file_and_no_other(
    fs: AtomicLocalFileSystem, tmp_path: Path, mode: str, content: str | bytes
) -> None:
    target = tmp_path / "report"
    target.write_text("old", encoding="utf-8")

    def write_half() -> None:
        with fs.open(str(target), mode) as file:
            file.write(content)
            raise ValueError("interrupted")

    with pytest.raises(ValueError, match="interrupted"):
        write_half()

    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_old_file_stays_readable_until_the_new_one_is_whole(fs: AtomicLocalFileSystem, tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_text("old", encoding="utf-8")

    with fs.open(str(target), "wb") as file:
        file.write(b"new")
        assert target.read_text(encoding="utf-8") == "old"

    assert target.read_text(encoding="utf-8") == "new"


def test_text_keeps_its_encoding(fs: AtomicLocalFileSystem, tmp_path: Path) -> None:
    target = tmp_path / "note"

    with fs.open(str(target), "w", encoding="utf-16") as file:
        file.write("pāua")

    assert target.read_text(encoding="utf-16") == "pāua"


def test_reading_and_appending_are_as_in_fsspec(fs: AtomicLocalFileSystem, tmp_path: Path) -> None:
    target = tmp_path / "log"
    target.write_bytes(b"one")

    with fs.open(str(target), "ab") as file:
        file.write(b"two")

    assert fs.cat_file(str(target)) == b"onetwo"


def test_folders_are_made_when_asked_for(fs: AtomicLocalFileSystem, tmp_path: Path) -> None:
    fs.pipe_file(str(tmp_path / "a" / "b" / "file"), b"content")

    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"content"
