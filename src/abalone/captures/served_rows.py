"""Gathers the rows of many events into one table, a few dozen bytes each."""

import math
from array import array
from collections.abc import Sequence

import numpy as np
import pandas as pd

from abalone.captures.answers import Answer
from abalone.captures.lines import Event, UnreadableError
from abalone.captures.requests import Row
from abalone.schema import NUMBER_NAMES

COLUMNS = (
    "endpoint", "event_id", "row", "time", "model_version", "sex", *NUMBER_NAMES,
    "predicted_rings", "lower", "upper", "warned",
)  # fmt: skip
"""Of the table: a row for each prediction. `event_id` is what labels call the answer by, `row` counts the rows of an
answer from 1, `time` is that of the request in UTC, `model_version` is "" where it is not told."""


class ServedRows:
    """A table that grows by events.

    Attributes:
        refused: How many rows were not predicted.
    """

    def __init__(self) -> None:
        self.refused = 0
        self._endpoints: list[str] = []
        self._event_ids: list[str] = []
        self._versions: list[str] = []
        self._times = array("d")
        self._predicted = array("q")
        self._rows = array("q")
        self._sexes: list[str] = []
        self._numbers = array("d")
        self._outcomes = array("d")
        self._warned = bytearray()

    def add(self, endpoint: str, event: Event, request: Sequence[Row], answer: Answer) -> None:
        """Add the predictions of an event.

        Args:
            endpoint: That answered.
            event: The event.
            request: Its rows.
            answer: As many outcomes.

        Raises:
            UnreadableError: Request and answer do not belong together; nothing is added.
        """
        outcomes = answer.outcomes
        if len(request) != len(outcomes):
            raise UnreadableError(f"{len(request)} rows were asked for, {len(outcomes)} answered")
        predicted = [
            (place, row, outcome)
            for place, (row, outcome) in enumerate(zip(request, outcomes, strict=True), 1)
            if not outcome.is_refused
        ]
        numbers = [number for _, row, _ in predicted for number in row.numbers]
        estimates = [
            estimate
            for _, _, outcome in predicted
            for estimate in (outcome.rings, outcome.lower_rings, outcome.upper_rings)
        ]
        if not all(map(math.isfinite, (*numbers, *estimates))):
            raise UnreadableError("a row was predicted whose numbers cannot be read")
        self.refused += len(outcomes) - len(predicted)
        self._endpoints.append(endpoint)
        self._event_ids.append(event.answer_id)
        self._versions.append(event.model_version or answer.model_version)
        self._times.append(event.event_metadata.inference_time.timestamp())
        self._predicted.append(len(predicted))
        self._numbers.extend(numbers)
        self._outcomes.extend(estimates)
        for place, row, outcome in predicted:
            self._rows.append(place)
            self._sexes.append(row.sex)
            self._warned.append(bool(outcome.warnings))

    def to_frame(self) -> pd.DataFrame:
        """Return the table, its columns `COLUMNS`, in the order in which it has grown."""
        counts = np.frombuffer(self._predicted, dtype=np.int64)
        numbers = np.frombuffer(self._numbers, dtype=np.float64).reshape(-1, len(NUMBER_NAMES))
        outcomes = np.frombuffer(self._outcomes, dtype=np.float64).reshape(-1, 3)
        times = pd.to_datetime(np.frombuffer(self._times, dtype=np.float64), unit="s", utc=True)
        return pd.DataFrame(
            {
                "endpoint": pd.array(self._endpoints, dtype="str").repeat(counts),
                "event_id": pd.array(self._event_ids, dtype="str").repeat(counts),
                "row": np.frombuffer(self._rows, dtype=np.int64),
                "time": times.repeat(counts),
                "model_version": pd.array(self._versions, dtype="str").repeat(counts),
                "sex": pd.array(self._sexes, dtype="str"),
                **dict(zip(NUMBER_NAMES, numbers.T, strict=True)),
                **dict(zip(("predicted_rings", "lower", "upper"), outcomes.T, strict=True)),
                "warned": np.frombuffer(self._warned, dtype=np.bool_),
            },
            columns=list(COLUMNS),
        )
