import hashlib
from collections.abc import Iterator
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from abalone.datasets.replacement import FileChangedError, file_tag, replace_file

FILE = "conditional://folder/file.json"
PRECONDITION_FAILED = OSError("PreconditionFailed")


class ConditionalStore(MemoryFileSystem):
    """A store with S3's conditional writes."""

    protocol = "conditional"
    loses_answers = False

    def info(self, path: str, **kwargs: Any) -> dict[str, Any]:
        return {**super().info(path, **kwargs), "ETag": hashlib.sha256(self.cat_file(path)).hexdigest()}

    def pipe_file(self, path: str, value: bytes, **conditions: str) -> None:
        there = self.info(path)["ETag"] if self.exists(path) else None
        if conditions != ({"IfMatch": there} if there else {"IfNoneMatch": "*"}):
            raise PRECONDITION_FAILED
        super().pipe_file(path, value)
        if self.loses_answers:  # so the client asks again
            raise PRECONDITION_FAILED


@pytest.fixture
def store() -> Iterator[ConditionalStore]:
    fsspec.register_implementation("conditional", ConditionalStore, clobber=True)
    ConditionalStore.clear_instance_cache()
    yield fsspec.filesystem("conditional")
    ConditionalStore.store.clear()


def test_file_that_was_looked_at_is_replaced(store: ConditionalStore) -> None:
    replace_file(FILE, b"1", file_tag(FILE))
    replace_file(FILE, b"2", file_tag(FILE))

    assert store.cat_file(FILE) == b"2"


@pytest.mark.parametrize("before", [None, b"1"])
def test_file_that_somebody_else_has_written_since_is_left_alone(store: ConditionalStore, before: bytes | None) -> None:
    if before:
        replace_file(FILE, before, file_tag(FILE))
    tag = file_tag(FILE)
    replace_file(FILE, b"theirs", tag)

    with pytest.raises(FileChangedError, match=r"file\.json was written by somebody else"):
        replace_file(FILE, b"ours", tag)

    assert store.cat_file(FILE) == b"theirs"


def test_file_that_was_removed_since_is_not_written_again(store: ConditionalStore) -> None:
    replace_file(FILE, b"1", file_tag(FILE))
    tag = file_tag(FILE)
    store.rm(FILE)

    with pytest.raises(FileChangedError):
        replace_file(FILE, b"2", tag)


def test_own_write_whose_answer_was_lost_is_not_taken_for_that_of_somebody_else(store: ConditionalStore) -> None:
    store.loses_answers = True

    replace_file(FILE, b"1", file_tag(FILE))

    assert store.cat_file(FILE) == b"1"


def test_store_that_fails_is_not_taken_for_somebody_else(
    store: ConditionalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise PermissionError("AccessDenied")

    monkeypatch.setattr(store, "pipe_file", fail)

    with pytest.raises(PermissionError):
        replace_file(FILE, b"1", file_tag(FILE))
