from pathlib import Path

import pytest

from abalone.sagemaker.configuration import has_digest
from abalone.sagemaker.project import working_tree_image


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working tree, which is the current folder."""
    for folder in ("conf", "requirements", "src"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file.txt").write_text(folder)
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("tree")
def test_working_tree_is_named_by_a_digest() -> None:
    assert has_digest(working_tree_image())


@pytest.mark.parametrize("changed", ["conf/file.txt", "requirements/file.txt", "src/new.py", "pyproject.toml"])
def test_change_of_what_an_image_is_made_of_gives_another_name(tree: Path, changed: str) -> None:
    before = working_tree_image()

    (tree / changed).write_text("changed")

    assert working_tree_image() != before


def test_what_is_not_in_an_image_does_not_matter(tree: Path) -> None:
    before = working_tree_image()

    (tree / "README.md").write_text("more")
    (tree / "src" / "__pycache__").mkdir()
    (tree / "src" / "__pycache__" / "file.pyc").write_text("compiled")

    assert working_tree_image() == before
