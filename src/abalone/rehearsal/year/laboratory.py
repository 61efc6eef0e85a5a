"""The laboratory: it counts rings, and tells them to the service weeks later."""

from typing import NamedTuple

import pandas as pd

from abalone.schema import RINGS


class Count(NamedTuple):
    """The rings of an animal that was predicted.

    Attributes:
        inference_id: Of the answer that predicted it.
        row: Its row there, from 1.
        rings: As counted under the microscope.
    """

    inference_id: str
    row: int
    rings: int


class Backlog:
    """What is counted, by the week in which it is told."""

    def __init__(self) -> None:
        self._waiting: dict[int, list[Count]] = {}

    def take(self, inference_id: str, animals: pd.DataFrame) -> None:
        """Take the animals that an answer predicted.

        Args:
            inference_id: Of the answer.
            animals: In the order of the answer: columns rings and `told`, the week in which the rings are told, or 0.
        """
        for row, (rings, week) in enumerate(zip(animals[RINGS.name], animals["told"], strict=True), start=1):
            if week:
                self._waiting.setdefault(int(week), []).append(Count(inference_id, row, int(rings)))

    def told_in(self, week: int) -> list[Count]:
        """Hand out what is told in a week."""
        return self._waiting.pop(week, [])
