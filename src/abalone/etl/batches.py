"""The batches of the landing zone, and what tells whether one has been parsed before."""

import hashlib
import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from importlib import resources
from typing import Any, NamedTuple

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
        fingerprint: Digest of its name, its bytes, and the code and parameters that parse it.
    """

    name: str
    path: str
    size: int
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
        parsed_of = [*common, name, _content(folder, path, described)]
        fingerprint = hashlib.sha256(json.dumps(parsed_of).encode()).hexdigest()[:32]
        batches.append(LandedBatch(name, path, described["size"], fingerprint))
    return batches


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


def _content(folder: DataFolder, path: str, described: Mapping[str, Any]) -> str:
    """Identify the bytes of a file: S3 knows its entity tag, and elsewhere it is read."""
    if "ETag" in described:
        return f"{described['ETag']} {described['size']}"
    digest = hashlib.sha256()
    for start in range(0, described["size"], _BLOCK_BYTES):
        digest.update(folder.read(path, start, start + _BLOCK_BYTES))
    return digest.hexdigest()
