"""The model artifact in the catalog: a directory of files, on disk or on S3, that exists once its manifest does."""

from pathlib import PurePosixPath
from typing import Any

import fsspec
from kedro.io import AbstractVersionedDataset, DatasetError, Version
from kedro.io.core import get_protocol_and_path

from abalone.model.artifact import MANIFEST, Artifact, ArtifactError, artifact_from_files


class ArtifactDataset(AbstractVersionedDataset[Artifact, Artifact]):
    """Saves and loads an `Artifact`.

    The manifest is written last and the newest version that has one is loaded, so that a run that is killed or loses
    its connection leaves the earlier version in place, whatever the filesystem.

    Args:
        filepath: Directory of the versions; any protocol of fsspec.
        version: Given by Kedro when the catalog says `versioned: true`.
        credentials: Arguments of the fsspec filesystem; none are needed where AWS's own chain finds them.
        metadata: Ignored by Kedro; read by plugins.
    """

    def __init__(
        self,
        *,
        filepath: str,
        version: Version | None = None,
        credentials: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        protocol, path = get_protocol_and_path(filepath, version)
        local = {"auto_mkdir": True} if protocol == "file" else {}
        self._fs = fsspec.filesystem(protocol, **(credentials or {}), **local)
        self._protocol = protocol
        self.metadata = metadata
        super().__init__(
            filepath=PurePosixPath(path),
            version=version,
            exists_function=lambda directory: bool(self._fs.exists(f"{directory}/{MANIFEST}")),
            glob_function=lambda pattern: [
                path.removesuffix(f"/{MANIFEST}") for path in self._fs.glob(f"{pattern}/{MANIFEST}")
            ],
        )

    def load(self) -> Artifact:
        """Load the newest whole version, or the one that was asked for, and check its digests.

        Returns:
            The artifact, which knows its version.

        Raises:
            ArtifactError: The artifact was changed, is cut short, or is of a newer format; the message names its place.
            DatasetError: There is no such version.
        """
        self._fs.invalidate_cache()
        directory = str(self._get_load_path())
        if not self._fs.exists(f"{directory}/{MANIFEST}"):
            raise DatasetError(f"{directory} holds no model artifact: it has no {MANIFEST}")
        files = {
            name: self._fs.cat_file(path)
            for path in self._fs.ls(directory, detail=False)
            # what a desktop leaves behind in folders is no part of the artifact
            if not (name := PurePosixPath(path).name).startswith(".")
        }
        try:
            return artifact_from_files(files, version=self.resolve_load_version() or "")
        except ArtifactError as error:
            raise ArtifactError(f"{directory}: {error}") from error

    def save(self, data: Artifact) -> None:
        """Write the artifact's files, the manifest last.

        Args:
            data: What to save.
        """
        directory = str(self._get_save_path())
        files = data.files()
        manifest = files.pop(MANIFEST)
        for name, content in files.items():
            self._fs.pipe_file(f"{directory}/{name}", content)
        self._fs.pipe_file(f"{directory}/{MANIFEST}", manifest)
        self._fs.invalidate_cache()

    def _exists(self) -> bool:
        self._fs.invalidate_cache()
        return bool(self._fs.exists(f"{self._get_load_path()}/{MANIFEST}"))

    def _describe(self) -> dict[str, Any]:
        return {"filepath": self._filepath, "protocol": self._protocol, "version": self._version}
