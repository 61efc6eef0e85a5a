"""Events of EventBridge in the catalog."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from kedro.io import AbstractDataset, DatasetError

from abalone.aws.calls import client, told_in_one_line
from abalone.errors import AbaloneError


class EventDataset(AbstractDataset[Mapping[str, Any], Any]):
    """Sends a mapping as the detail of one event; it cannot be loaded.

    Args:
        source: Who tells it, such as "abalone.monitoring".
        detail_type: What is told, such as "Retraining wanted".
        bus: Name of the bus.
        metadata: Ignored by Kedro; read by plugins.
    """

    def __init__(
        self, *, source: str, detail_type: str, bus: str = "default", metadata: dict[str, Any] | None = None
    ) -> None:
        self.metadata = metadata
        self._source = source
        self._detail_type = detail_type
        self._bus = bus

    def save(self, data: Mapping[str, Any]) -> None:
        """Send the event.

        Args:
            data: Its detail, as JSON can hold it; nothing is sent of an empty one.

        Raises:
            AbaloneError: EventBridge refuses it, or does not take it.
        """
        if not data:
            return
        entry = {
            "Source": self._source,
            "DetailType": self._detail_type,
            "Detail": json.dumps(dict(data)),
            "EventBusName": self._bus,
        }
        with told_in_one_line(f"sending {self._detail_type!r} to the bus {self._bus}", "events:PutEvents"):
            answer = client("events").put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            (failed,) = answer["Entries"]
            raise AbaloneError(
                f"the bus {self._bus} did not take {self._detail_type!r} "
                f"({failed['ErrorCode']}: {failed['ErrorMessage']}): mend source, detail_type and bus in the catalog"
            )

    def load(self) -> NoReturn:
        """Refuse: an event is gone once it is sent."""
        raise DatasetError(f"events of {self._source} cannot be loaded: their rules take them")

    def _exists(self) -> bool:
        return False

    def _describe(self) -> dict[str, Any]:
        return {"source": self._source, "detail_type": self._detail_type, "bus": self._bus}
