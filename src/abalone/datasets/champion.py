"""The champion in the catalog: the artifact in service, and the record that names it."""

from typing import Any

from kedro.io import AbstractDataset, DatasetError, Version
from kedro_datasets.json import JSONDataset

from abalone.datasets.artifact import ArtifactDataset
from abalone.datasets.champion_record import look, replace
from abalone.datasets.promotions import GATE, is_by_hand, is_logged, promotion, write_line
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
    return look(filepath, credentials).record


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
            AbaloneError: Another model has become the champion in the meantime, or a person's promotion of the one that
                it was compared with was not finished.
        """
        filepath = f"{self._protocol}://{self._filepath}"
        seen = look(filepath)
        stays = data["version"] == data["previous"]
        if seen.record and (stays or seen.version == data["version"]):
            return
        if seen.version != data["previous"]:
            raise AbaloneError(
                f"{self._filepath} names another champion ({seen.version}) than the one that the model was compared "
                f"with ({data['previous']}): run again, to compare it with that one"
            )
        if seen.record and not is_logged(filepath, seen.record):
            if is_by_hand(seen.record):
                raise _unfinished(self._filepath, seen.record["promotion"])
            write_line(filepath, seen.record)
        record = {**data, "promotion": self._line(data)} if data["version"] else data
        replace(filepath, record, seen)
        write_line(filepath, record)

    @staticmethod
    def _line(data: dict[str, Any]) -> dict[str, str | None]:
        return promotion(
            by="kedro run",
            action=GATE,
            replaced=data["previous"],
            version=data["version"],
            reason="it passed the gate",
        )


def _unfinished(filepath: Any, line: dict[str, Any]) -> AbaloneError:
    """The log would say that nothing is left to do, where hosts may not have been told yet."""
    return AbaloneError(
        f"the {line['action']} of {line['to']} by {line['by']} was not finished, as {filepath} says: finish it by "
        f"`abalone {line['action']} {line['to']}` with this environment's --env, then run again"
    )
