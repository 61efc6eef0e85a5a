"""The statuses of an execution's steps, changed by many threads."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from abalone.sagemaker.steps import StepStatus

RUNNING = ("Starting", "Executing")


class Board:
    """The statuses of all steps.

    Args:
        statuses: At the beginning, in the order in which they are shown.
        show: Called with all of them at every change, by one thread at a time.
    """

    def __init__(self, statuses: Sequence[StepStatus], show: Callable[[Sequence[StepStatus]], None]) -> None:
        self._statuses = {status.name: status for status in statuses}
        self._begun: dict[str, float] = {}
        self._show = show
        self._lock = threading.Lock()

    def update(self, name: str, **changes: Any) -> None:
        """Change the status of a step.

        Args:
            name: The step's name.
            changes: Attributes of `StepStatus`.
        """
        with self._lock:
            status = replace(self._statuses[name], **changes)
            if status.status in RUNNING:
                self._begun.setdefault(name, time.monotonic())
            if name in self._begun:
                status = replace(status, seconds=time.monotonic() - self._begun[name])
            self._statuses[name] = status
            self._show(list(self._statuses.values()))

    def tick(self) -> None:
        """Show how long the running steps have been running."""
        with self._lock:
            now = time.monotonic()
            for name, status in self._statuses.items():
                if status.status in RUNNING:
                    self._statuses[name] = replace(status, seconds=now - self._begun[name])
            self._show(list(self._statuses.values()))

    def __getitem__(self, name: str) -> StepStatus:
        return self._statuses[name]

    @property
    def statuses(self) -> list[StepStatus]:
        """All statuses, in their order."""
        with self._lock:
            return list(self._statuses.values())
