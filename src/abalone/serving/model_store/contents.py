"""The files of an artifact, each by itself in a folder, or packed into an archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from abalone.model.artifact import Artifact, ArtifactError, artifact_from_files
from abalone.serving.model_store.archive import ARTIFACT_FILES, read_archive
from abalone.serving.model_store.folders import Folder, UnavailableError


def missing(what: str) -> UnavailableError:
    """Return the fault of a place without a model.

    Args:
        what: What is not there, as a sentence without its end.
    """
    return UnavailableError(
        f"{what}: train first (make run), or name a place that has a model in ABALONE_SERVING_MODEL"
    )


@dataclass(frozen=True)
class ArtifactSource:
    """The files of an artifact in a folder."""

    folder: Folder
    version: str = ""

    def __str__(self) -> str:
        return str(self.folder)

    def fingerprint(self) -> str:
        """See `ModelSource.fingerprint`."""
        return repr(sorted(self.folder.files().items()))

    def load(self) -> Artifact:
        """See `ModelSource.load`."""
        # a file that does not belong to an artifact is refused by its name; what is in it does not matter
        files = {name: self.folder.read(name) if name in ARTIFACT_FILES else b"" for name in self.folder.files()}
        with _told_with(str(self)):
            return artifact_from_files(files, self.version)


@dataclass(frozen=True)
class ArchiveSource:
    """An archive of the files of an artifact."""

    folder: Folder
    name: str

    def __str__(self) -> str:
        return f"{self.folder}/{self.name}"

    def fingerprint(self) -> str:
        """See `ModelSource.fingerprint`."""
        stamp = self.folder.stamp(self.name)
        if stamp is None:
            raise missing(f"there is no {self}")
        return stamp

    def load(self) -> Artifact:
        """See `ModelSource.load`."""
        archive = self.folder.read(self.name)
        with _told_with(str(self)):
            return artifact_from_files(read_archive(archive))


@contextmanager
def _told_with(place: str) -> Iterator[None]:
    try:
        yield
    except (ArtifactError, ValueError, RecursionError) as error:  # the latter two: of JSON
        raise ArtifactError(f"{place}: {error}") from error
