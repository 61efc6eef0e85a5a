"""The models of an environment: their artifacts, what the gate said of each, and the champion's record."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from kedro.io import DatasetError, Version

from abalone.datasets.artifact import ArtifactDataset
from abalone.datasets.champion_record import Seen, look, require
from abalone.datasets.replacement import filesystem
from abalone.errors import AbaloneError
from abalone.model.artifact import MANIFEST, Artifact


@dataclass(frozen=True)
class Models:
    """What is in `06_models`, on disk or on S3.

    Attributes:
        root: Path or URI of that folder.
    """

    root: str

    @property
    def record(self) -> str:
        """Where the champion's record is."""
        return f"{self.root}/champion.json"

    def champion(self) -> Seen:
        """Read the champion's record, as `look` does."""
        return look(self.record)

    def versions(self) -> list[str]:
        """Return the whole versions there are, the newest first."""
        return sorted((version for version, files in self._files.items() if MANIFEST in files), reverse=True)

    def without_manifest(self) -> set[str]:
        """Return the versions that are not whole: some run is writing them, or was killed, or they were damaged."""
        return {version for version, files in self._files.items() if MANIFEST not in files}

    def named(self, beginning: str) -> str:
        """Return the version that begins so.

        Args:
            beginning: A version, or as much of it as no other one begins with.

        Raises:
            AbaloneError: There is none, or more than one.
        """
        versions = self.versions()
        found = [version for version in versions if version == beginning] or [
            version for version in versions if version.startswith(beginning)
        ]
        if len(found) != 1:
            which = f"{len(found)} versions begin" if found else "no version begins"
            raise AbaloneError(f"{which} with {beginning!r} in {self.root}/model: `abalone models` lists them")
        return found[0]

    def load(self, version: str) -> Artifact:
        """Load a version, whose digests are checked.

        Raises:
            AbaloneError: It is missing, or damaged.
        """
        dataset = ArtifactDataset(filepath=f"{self.root}/model", version=Version(version, None))
        try:
            return dataset.load()
        except DatasetError as error:
            if not isinstance(error.__cause__, AbaloneError | None):
                raise  # a fault of the storage says nothing of the version
            raise AbaloneError(str(error.__cause__ or error)) from error

    def digest(self, version: str) -> str | None:
        """Return the digest of a version, by its manifest alone; None when it is gone."""
        fs, path = filesystem(f"{self.root}/model/{version}/model/{MANIFEST}", None)
        try:
            return hashlib.sha256(fs.cat_file(path)).hexdigest()
        except FileNotFoundError:
            return None

    @cached_property
    def verdicts(self) -> dict[str, dict[str, Any]]:
        """What the gate said last of each version that it was asked about.

        Raises:
            AbaloneError: A verdict is damaged.
        """
        folder = f"{self.root}/verdict"
        fs, path = filesystem(folder)
        paths = sorted(found for found in fs.find(path) if found.endswith("/verdict"))
        contents = fs.cat(paths) if paths else {}
        verdicts = (_parse_verdict(contents[found], f"{folder}/{found.split('/')[-2]}/verdict") for found in paths)
        return {verdict["version"]: verdict for verdict in verdicts}

    @cached_property
    def _files(self) -> dict[str, set[str]]:
        """Names of the files of each version."""
        fs, path = filesystem(f"{self.root}/model")
        files: dict[str, set[str]] = {}
        # not by a pattern, for which S3 would be asked once a version
        for found in fs.find(path):
            parts = PurePosixPath(found).relative_to(path).parts
            files.setdefault(parts[0], set()).add(parts[-1])
        return files


def _parse_verdict(content: bytes, place: str) -> dict[str, Any]:
    try:
        verdict: dict[str, Any] = json.loads(content)
        require(verdict, ("version", "digest", "passed", "reasons"))
    except (ValueError, TypeError, KeyError) as error:
        raise AbaloneError(
            f"{place} is no verdict of the gate ({error!r}): delete it; its model counts as not evaluated then"
        ) from error
    return verdict
