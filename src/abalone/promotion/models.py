"""The models of an environment: their artifacts, what the gate said of each, and the champion's record."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kedro.io import DatasetError, Version

from abalone.datasets.artifact import ArtifactDataset
from abalone.datasets.champion_record import Seen, filesystem, look
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
        return sorted((path.split("/")[-3] for path in self._glob(f"model/*/model/{MANIFEST}")), reverse=True)

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
            if isinstance(error.__cause__, AbaloneError):
                raise AbaloneError(str(error.__cause__)) from error
            raise

    def digest(self, version: str) -> str | None:
        """Return the digest of a version, by its manifest alone; None when it is gone."""
        fs, path = filesystem(f"{self.root}/model/{version}/model/{MANIFEST}", None)
        try:
            return hashlib.sha256(fs.cat_file(path)).hexdigest()
        except FileNotFoundError:
            return None

    @cached_property
    def verdicts(self) -> dict[str, dict[str, Any]]:
        """What the gate said last of each version that it was asked about."""
        fs, _ = filesystem(self.root, None)
        verdicts = (json.loads(fs.cat_file(path)) for path in sorted(self._glob("verdict/*/verdict")))
        return {verdict["version"]: verdict for verdict in verdicts}

    def _glob(self, pattern: str) -> list[str]:
        fs, path = filesystem(f"{self.root}/{pattern}", None)
        return list(fs.glob(path))
