"""The record that names the champion, one of the versions of the model that stand beside it."""

import json
import re
from dataclasses import dataclass

from abalone.model.artifact import Artifact, ArtifactError
from abalone.serving.model_store.contents import ArtifactSource, missing
from abalone.serving.model_store.folders import Folder


@dataclass(frozen=True)
class ChampionSource:
    """The champion that a record names.

    Attributes:
        folder: Where the record is.
        name: Of the record: JSON with `version` and, to be checked, `digest`.
    """

    folder: Folder
    name: str

    def __str__(self) -> str:
        return f"{self.folder}/{self.name}"

    def fingerprint(self) -> str:
        """See `ModelSource.fingerprint`."""
        record = self._record()
        return f"{record} {self._artifact(record).fingerprint()}"

    def load(self) -> Artifact:
        """See `ModelSource.load`."""
        record = self._record()
        artifact = self._artifact(record).load()
        if record.digest is not None and artifact.digest != record.digest:
            raise ArtifactError(
                f"{self} names digest {record.digest}, but version {record.version} has {artifact.digest}: restore "
                "that version, or make another one the champion"
            )
        return artifact

    def _artifact(self, record: "_Record") -> ArtifactSource:
        # as the versioned dataset `model` of the catalog writes it
        return ArtifactSource(self.folder / f"model/{record.version}/model", record.version)

    def _record(self) -> "_Record":
        if self.folder.stamp(self.name) is None:
            raise missing(f"there is no {self}")
        content = self.folder.read(self.name)
        try:
            record = json.loads(content)
            version, digest = record["version"], record.get("digest")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise self._damaged(repr(error)) from error
        if version is None:
            raise missing(f"{self} names no champion yet")
        # a version is the name of a folder, not a way out of it
        if not isinstance(version, str) or not re.fullmatch(r"\w[\w.:+-]*", version):
            raise self._damaged(f"version = {version!r}")
        if not isinstance(digest, str | None):
            raise self._damaged(f"digest = {digest!r}")
        return _Record(version, digest)

    def _damaged(self, what: str) -> ArtifactError:
        return ArtifactError(
            f'{self} does not name a champion ({what}): write one of the versions beside it, as {{"version": "..."}}'
        )


@dataclass(frozen=True)
class _Record:
    version: str
    digest: str | None
