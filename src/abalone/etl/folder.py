"""The data folder, on this machine or on S3, as the driver and every task reach it."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.spec import AbstractBufferedFile

from abalone.datasets import atomic


class DataFolder(NamedTuple):
    """The data folder. All paths are relative to it.

    Attributes:
        root: Its absolute path, or its URI.
    """

    root: str

    @property
    def is_on_s3(self) -> bool:
        """Whether it is a folder of a bucket."""
        return self.root.startswith("s3://")

    def find(self, folder: str) -> dict[str, dict[str, Any]]:
        """Describe every file below a folder, by its path within that folder; nothing if there is no folder."""
        fs, path = self._place(folder)
        files = fs.find(path, detail=True)
        return {name.removeprefix(path).lstrip("/"): described for name, described in files.items()}

    def describe(self, path: str) -> dict[str, Any]:
        """Describe a file as `find` does."""
        fs, place = self._place(path)
        described: dict[str, Any] = fs.info(place)
        return described

    def read(self, path: str, start: int | None = None, end: int | None = None) -> bytes:
        """Read a file, or the bytes from `start` up to `end` of it."""
        fs, place = self._place(path)
        content: bytes = fs.cat_file(place, start=start, end=end)
        return content

    def read_those_there(self, paths: list[str]) -> dict[str, bytes]:
        """Read files at once, by path, those that are not there left out."""
        fs, root = self._place("")
        places = {f"{root}/{path}": path for path in paths}
        if not places:
            return {}
        found = fs.cat(list(places), on_error="return")
        failed = [error for error in found.values() if isinstance(error, Exception)]
        for error in failed:
            if not isinstance(error, FileNotFoundError):
                raise error
        return {places[place]: content for place, content in found.items() if isinstance(content, bytes)}

    def write(self, path: str, content: bytes) -> None:
        """Write a file, whole or not at all."""
        fs, place = self._place(path)
        fs.pipe_file(place, content)

    @contextmanager
    def open_for_writing(self, path: str) -> Iterator[Any]:
        """Open a file, as bytes, that appears when it is closed without an error."""
        fs, place = self._place(path)
        with fs.open(place, "wb") as file:
            try:
                yield file
            except BaseException:
                if isinstance(file, AbstractBufferedFile):  # which completes the upload whatever has happened
                    file.discard()
                    file.closed = True
                raise

    def copy(self, path: str, destination: str) -> None:
        """Copy a file, whole or not at all."""
        fs, place = self._place(path)
        with fs.open(place, "rb") as source, self.open_for_writing(destination) as target:
            shutil.copyfileobj(source, target)

    def remove(self, path: str) -> None:
        """Remove a folder."""
        fs, place = self._place(path)
        fs.rm(place, recursive=True)

    def read_table(self, path: str) -> pa.Table:
        """Read a Parquet file."""
        return pq.read_table(pa.BufferReader(self.read(path)))

    def write_table(self, path: str, table: pa.Table) -> None:
        """Write a Parquet file."""
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        self.write(path, buffer.getvalue())

    def _place(self, path: str) -> tuple[fsspec.AbstractFileSystem, str]:
        atomic.register()
        options = {} if self.is_on_s3 else {"auto_mkdir": True}
        fs, root = fsspec.core.url_to_fs(self.root, use_listings_cache=False, **options)
        return fs, f"{root}/{path}".rstrip("/")
