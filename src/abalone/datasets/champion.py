"""The champion in the catalog: the artifact in service, and the record that names it."""

import json
from typing import Any

import fsspec
from kedro.io import AbstractDataset, DatasetError, Version
from kedro_datasets.json import JSONDataset

from abalone.datasets.artifact import ArtifactDataset
from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact, ArtifactError

NO_CHAMPION = "none"
"""What is pinned where there is no champion."""

LOST_CHAMPION = "lost"
"""What is pinned where there is none any more, so that its successor is not taken for promoted already."""


def read_record(filepath: str, credentials: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """Read the champion's record.

    Args:
        filepath: Of the record, JSON; any protocol of fsspec.
        credentials: Arguments of the fsspec filesystem.

    Returns:
        `version`, `digest` and `previous` (version) of the champion, all None where a run found none; None without a
        record.

    Raises:
        AbaloneError: The record does not name a version.
    """
    fs, path = fsspec.core.url_to_fs(filepath, **(credentials or {}))
    fs.invalidate_cache()
    if not fs.exists(path):
        return None
    try:
        record: dict[str, Any] = json.loads(fs.cat_file(path))
        version = record["version"]
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(filepath, repr(error)) from error
    if not isinstance(version, str | None):
        raise _damaged(filepath, f"version = {version!r}")
    return record


def _damaged(filepath: str, what: str) -> AbaloneError:
    return AbaloneError(
        f"{filepath} does not name a champion ({what}): write the version of one of the models beside it, "
        'as {"version": "..."}, or delete it to go on without a champion'
    )


class ChampionDataset(AbstractDataset[None, Artifact | None]):
    """Loads the artifact in service: the version that the champion's record names.

    Args:
        filepath: The champion's record, a JSON file that names a version.
        versions: Name of the directory of the versions, which stands beside the record.
        pinned: Version to load whatever the record names by now; `NO_CHAMPION` or `LOST_CHAMPION` for none.
        credentials: Arguments of the fsspec filesystem.
        metadata: Ignored by Kedro; read by plugins.
    """

    def __init__(
        self,
        *,
        filepath: str,
        versions: str,
        pinned: str | None = None,
        credentials: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        self._record = filepath
        self._versions = f"{filepath.rsplit('/', 1)[0]}/{versions}"
        self._pinned = pinned
        self._credentials = credentials or {}
        self.metadata = metadata

    def load(self) -> Artifact | None:
        """Load the champion.

        Returns:
            The artifact, or None when no model has been promoted yet.

        Raises:
            AbaloneError: The record is damaged, or names an artifact that is missing or damaged.
        """
        version = self._version()
        if version is None:
            return None
        dataset = ArtifactDataset(
            filepath=self._versions, version=Version(version, None), credentials=self._credentials
        )
        try:
            return dataset.load()
        except DatasetError as error:
            if not isinstance(error.__cause__, ArtifactError | None):
                raise  # a fault of the storage says nothing of the champion
            raise AbaloneError(
                f"the champion cannot be loaded: {error.__cause__ or error}. Restore that version, or delete "
                f"{self._record} to go on without a champion"
            ) from error

    def _version(self) -> str | None:
        if self._pinned is not None:
            return None if self._pinned in {NO_CHAMPION, LOST_CHAMPION} else self._pinned
        record = read_record(self._record, self._credentials)
        return record["version"] if record else None

    def save(self, data: None) -> None:  # noqa: ARG002 - the base class wants it
        """Refuse: a model becomes the champion through its record.

        Args:
            data: Ignored.

        Raises:
            DatasetError: Always.
        """
        raise DatasetError("the champion is chosen by its record (champion_record), not saved as an artifact")

    def _exists(self) -> bool:
        return self.load() is not None

    def _describe(self) -> dict[str, Any]:
        return {"filepath": self._record, "versions": self._versions}


class ChampionRecordDataset(JSONDataset):
    """Saves the champion's record as JSON, unless the champion stays or is recorded already.

    A model becomes the champion in the place of the one that it was compared with, and of no other.
    """

    def save(self, data: dict[str, Any]) -> None:
        """Save the record.

        Args:
            data: `version` and `digest` of the champion, and `previous`: version of the one that it was compared with,
                which is the same when the champion stays.

        Raises:
            AbaloneError: Another model has become the champion in the meantime.
        """
        recorded = read_record(f"{self._protocol}://{self._filepath}")
        now = recorded["version"] if recorded else None
        stays = data["version"] == data["previous"]
        if recorded and (stays or now == data["version"]):
            return
        if now != data["previous"]:
            raise AbaloneError(
                f"{self._filepath} names another champion ({now}) than the one that the model was compared with "
                f"({data['previous']}): run again, to compare it with that one"
            )
        super().save(data)
