"""The real service, as a process of its own: what it is asked, and what it has captured."""

import csv
import http.client
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abalone.errors import AbaloneError
from abalone.rehearsal.server import HOST, free_port, running_server
from abalone.schema import MEASUREMENT_NAMES

DEADLINE_SECONDS = 60
RELOAD_SECONDS = 0.1
"""How often the service looks for another champion."""
ROTATE_SECONDS = 0.001
"""A capture file is closed as soon as it is written, for the calendar to take it."""


@dataclass(frozen=True)
class Service:
    """The service, while it runs.

    Attributes:
        port: Where it listens.
        captures: Where it writes what it was asked and told.
    """

    port: int
    captures: Path

    def predict(self, inference_id: str, animals: pd.DataFrame) -> NDArray[np.float64]:
        """Ask for predictions, as CSV.

        Args:
            inference_id: What they will be known by.
            animals: Columns of `schema.MEASUREMENT_NAMES`.

        Returns:
            Predicted rings, shape (rows,).
        """
        body = animals[list(MEASUREMENT_NAMES)].to_csv(index=False)
        headers = {"Content-Type": "text/csv", "X-Request-Id": inference_id}
        answer = csv.DictReader(io.StringIO(self._ask("POST", "/invocations", body, headers)))
        return np.array([float(row["rings"]) for row in answer])

    def tell(self, inference_id: str, row: int, rings: int) -> None:
        """Tell how many rings an animal has.

        Args:
            inference_id: Of the answer that predicted it.
            row: Its row there, from 1.
            rings: As counted.
        """
        label = json.dumps({"inference_id": inference_id, "row": row, "rings": rings})
        self._ask("POST", "/feedback", label, {"Content-Type": "application/json"})

    def model_version(self) -> str:
        """Return the version of the model that answers."""
        version: str = json.loads(self._ask("GET", "/ping"))["model_version"]
        return version

    def await_version(self, version: str) -> None:
        """Wait until a model answers."""
        _await(lambda: self.model_version() == version, f"model {version} was not taken over by the service")

    def await_captures(self, lines: int) -> None:
        """Wait until so many lines are captured."""
        _await(lambda: self._captured() >= lines, f"the service has not captured {lines} lines in {self.captures}")

    def _captured(self) -> int:
        return sum(path.read_bytes().count(b"\n") for path in self.captures.rglob("*.jsonl"))

    def _ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> str:
        try:
            with closing(http.client.HTTPConnection(HOST, self.port, timeout=DEADLINE_SECONDS)) as connection:
                connection.request(method, path, body, headers or {})
                answer = connection.getresponse()
                text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise AbaloneError(f"{method} {path} of the service was not answered: {error!r}") from error
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            raise AbaloneError(f"{method} {path} of the service was answered with {answer.status}: {text}")
        return text


@contextmanager
def running_service(champion: Path, captures: Path) -> Iterator[Service]:
    """Run the service as long as the context is open.

    Args:
        champion: The record that names its model.
        captures: Where it writes what it was asked and told.

    Raises:
        AbaloneError: It does not start.
    """
    port = free_port()
    settings = {
        "MODEL": champion,
        "HOST": HOST,
        "PORT": port,
        "CAPTURE": captures,
        "CAPTURE_ROTATE_SECONDS": ROTATE_SECONDS,
        "RELOAD_SECONDS": RELOAD_SECONDS,
        "LOG_LEVEL": "WARNING",
    }
    # nothing of what the user has set for a service of theirs
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ABALONE_", "SAGEMAKER_", "SM_"))}
    environment = kept | {f"ABALONE_SERVING_{name}": str(value) for name, value in settings.items()}
    with running_server([sys.executable, "-m", "abalone.serving"], port, environment, shows_errors=True):
        yield Service(port, captures)


def _await(condition: Callable[[], bool], failure: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AbaloneError(f"{failure} within {DEADLINE_SECONDS} s")
        time.sleep(0.02)
