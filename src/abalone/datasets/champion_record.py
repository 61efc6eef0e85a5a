"""The record of the champion: which version serves, and which one it took over from."""

import json
from typing import Any

from kedro_datasets.json import JSONDataset


class ChampionRecordDataset(JSONDataset):
    """Saves the champion's record as JSON, with the version before it as `previous`.

    Saving the version that is recorded already leaves the record as it is, so that naming a champion twice does not
    forget the one before it.
    """

    def save(self, data: dict[str, Any]) -> None:
        """Save the record.

        Args:
            data: `version` and `digest` of the champion.
        """
        recorded = self._recorded()
        if not recorded or recorded.get("version") != data["version"]:
            super().save({**data, "previous": recorded.get("version")})

    def _recorded(self) -> dict[str, Any]:
        path = str(self._filepath)
        self._fs.invalidate_cache()
        record: dict[str, Any] = json.loads(self._fs.cat_file(path)) if self._fs.exists(path) else {}
        return record
