"""The place that the model is loaded from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from abalone.model.artifact import MANIFEST, Artifact
from abalone.serving.aws import S3_SCHEME, aws_client, split_s3_address
from abalone.serving.model_store.champion import ChampionSource
from abalone.serving.model_store.contents import ArchiveSource, ArtifactSource, missing
from abalone.serving.model_store.folders import Folder, LocalFolder
from abalone.serving.model_store.s3 import S3Folder

ARCHIVE, RECORD = "model.tar.gz", "champion.json"


class ModelSource(Protocol):
    """A place that holds one model at a time; `str()` of it is its address."""

    def fingerprint(self) -> str:
        """Return what changes when any file of the model does, without reading the model.

        Raises:
            ArtifactError: What is there cannot be a model.
            UnavailableError: There is no model, or it cannot be reached.
        """

    def load(self) -> Artifact:
        """Load the model, with its version where that is known.

        Raises:
            ArtifactError: It is incomplete, damaged, or not the one that its record names.
            UnavailableError: There is no model, or it cannot be reached.
        """


def model_source(location: str) -> ModelSource:
    """Return the source at a location.

    Args:
        location: A folder that holds an artifact, a `champion.json` or a `model.tar.gz`; such a record or archive
            itself; each of them on disk or as `s3://bucket/key`.

    Raises:
        AbaloneError: An address on S3 without a bucket, or a broken configuration of AWS.
    """
    folder: Folder
    parent: Folder
    if location.startswith(S3_SCHEME):
        bucket, key = split_s3_address(location)
        above, _, name = key.rpartition("/")
        client = aws_client("s3")
        folder, parent = S3Folder(client, bucket, key), S3Folder(client, bucket, above)
    else:
        path = Path(location)
        name, folder, parent = path.name, LocalFolder(path), LocalFolder(path.parent)
    if name.endswith((".tar.gz", ".tgz")):
        return ArchiveSource(parent, name)
    if name.endswith(".json"):
        return ChampionSource(parent, name)
    return FolderSource(folder)


@dataclass(frozen=True)
class FolderSource:
    """A folder that holds a model in one way or another; which one is looked up each time, as it may change."""

    folder: Folder

    def __str__(self) -> str:
        return str(self.folder)

    def fingerprint(self) -> str:
        """See `ModelSource.fingerprint`."""
        return self._found().fingerprint()

    def load(self) -> Artifact:
        """See `ModelSource.load`."""
        return self._found().load()

    def _found(self) -> ModelSource:
        files = self.folder.files()
        if MANIFEST in files:
            return ArtifactSource(self.folder)
        if RECORD in files:
            return ChampionSource(self.folder, RECORD)
        if ARCHIVE in files:
            return ArchiveSource(self.folder, ARCHIVE)
        raise missing(f"{self.folder} holds no model")
