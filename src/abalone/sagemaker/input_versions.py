"""Which state the inputs of a pipeline are in: told to an execution when it starts, and checked by the jobs."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import fsspec

from abalone.datasets.champion import NO_CHAMPION
from abalone.errors import AbaloneError
from abalone.sagemaker.storage import is_champion, place

NOTHING = "none"
"""Version of an input that is not there."""


def listing_digest(uri: str | None) -> str:
    """Digest the names, sizes and entity tags of the objects at a place.

    Args:
        uri: Of an object or a folder.

    Returns:
        32 hexadecimal digits, or `NOTHING` when nothing is there.
    """
    if uri is None:
        return NOTHING
    fs, path = fsspec.core.url_to_fs(uri)
    fs.invalidate_cache()
    listing = fs.find(path, detail=True)
    if not listing:
        return NOTHING
    described = [[name, item["size"], item.get("ETag")] for name, item in sorted(listing.items())]
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:32]


def champion_version(record: Mapping[str, Any] | None, own: str | None) -> str:
    """Say which champion a model has to beat.

    A model that has become the champion is not its own rival: its evaluation stands, against the one that it beat.

    Args:
        record: The champion's; None when there is none.
        own: Version of the model that the cache will answer with, if it will.
    """
    if record is None:
        return NO_CHAMPION
    version = record.get("previous") if own and record["version"] == own else record["version"]
    return str(version or NO_CHAMPION)


def check_unchanged(told: Mapping[str, str], catalog: Mapping[str, Mapping[str, Any]]) -> None:
    """Check that inputs are as they were when the execution started, as its results are kept under their versions.

    The champion is not looked at, as the version that was told is the one that is loaded. Nor is a version that is no
    digest of a listing: whoever starts an execution may name a state of the data by a word of his own.

    Args:
        told: Version of each input, by its name.
        catalog: Configuration of each input, by its name.

    Raises:
        AbaloneError: An input has changed.
    """
    for name, version in told.items():
        uri = place(catalog[name])
        digest = re.fullmatch(f"[0-9a-f]{{32}}|{NOTHING}", version)
        if digest and not is_champion(catalog[name]) and listing_digest(uri) != version:
            raise AbaloneError(f"{name} at {uri} has changed since this execution was started: start it again")
