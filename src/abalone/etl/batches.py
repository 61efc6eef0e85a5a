"""The batches of the landing zone, and what tells whether one has been parsed before."""

import hashlib
import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from importlib import resources
from typing import Any, NamedTuple

from abalone.errors import AbaloneError
from abalone.etl.folder import DataFolder
from abalone.pipelines.ingestion.landing import batches_by_name

LANDING = "01_raw/landing"

_PARSING_CODE = {"abalone": "schema.py", "abalone.pipelines.ingestion": "*.py", "abalone.etl": "*.py"}
_BLOCK_BYTES = 1 << 24


class Rules(NamedTuple):
    """The parameters that decide how a row is parsed; see `parameters_ingestion.yml`."""

    parts_tolerance: float
    maximum_line_bytes: int


class LandedBatch(NamedTuple):
    """A batch in the landing zone.

    Attributes:
        name: Of the batch.
        path: In the data folder.
        size: In bytes.
        content: What tells its bytes from others.
        fingerprint: Digest of its name, its content, and the code and parameters that parse it.
    """

    name: str
    path: str
    size: int
    content: str
    fingerprint: str


def landed_batches(folder: DataFolder, rules: Rules) -> list[LandedBatch]:
    """List the batches, sorted by name.

    Args:
        folder: The data folder.
        rules: The parameters that the batches are parsed with.

    Raises:
        AbaloneError: There is no batch, or two files are the same one.
    """
    files = folder.find(LANDING)
    chosen = batches_by_name({name: (f"{LANDING}/{name}", described) for name, described in files.items()})
    common = [code_digest(_PARSING_CODE), *rules]
    batches = []
    for name, (path, described) in chosen.items():
        content = _content(folder, path, described)
        fingerprint = hashlib.sha256(json.dumps([*common, name, content]).encode()).hexdigest()[:32]
        batches.append(LandedBatch(name, path, described["size"], content, fingerprint))
    return batches


def check_unchanged(folder: DataFolder, batch: LandedBatch) -> None:
    """Check that a batch still is what was listed.

    Args:
        folder: The data folder.
        batch: As it was listed.

    Raises:
        AbaloneError: It has been replaced or removed since.
    """
    try:
        content = _content(folder, batch.path, folder.describe(batch.path))
    except FileNotFoundError as error:
        raise _changed(batch) from error
    if content != batch.content:
        raise _changed(batch)


def read_landed(folder: DataFolder, batch: LandedBatch, start: int | None = None, end: int | None = None) -> bytes:
    """Read a batch, or the bytes from `start` up to `end` of it.

    Raises:
        AbaloneError: It has been removed since it was listed.
    """
    try:
        return folder.read(batch.path, start, end)
    except FileNotFoundError as error:
        raise _changed(batch) from error


def code_digest(code: Mapping[str, str]) -> str:
    """Digest code, so that nothing is kept that another version has made.

    Args:
        code: Packages, and which of their files count, as a pattern.
    """
    digest = hashlib.sha256()
    for package, pattern in code.items():
        for file in sorted(resources.files(package).iterdir(), key=lambda file: file.name):
            if fnmatchcase(file.name, pattern):
                source = file.read_bytes()
                digest.update(f"{package}/{file.name}\n{len(source)}\n".encode() + source)
    return digest.hexdigest()


def _changed(batch: LandedBatch) -> AbaloneError:
    return AbaloneError(f"batch {batch.name} has been replaced or removed while the job was at work: run again")


def _content(folder: DataFolder, path: str, described: Mapping[str, Any]) -> str:
    """Identify the bytes of a file: S3 knows its entity tag, and elsewhere it is read."""
    if "ETag" in described:
        return f"{described['ETag']} {described['size']}"
    digest = hashlib.sha256()
    for start in range(0, described["size"], _BLOCK_BYTES):
        digest.update(folder.read(path, start, start + _BLOCK_BYTES))
    return digest.hexdigest()
