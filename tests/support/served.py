"""Files of captures and labels, as the service writes them."""

import json
from collections.abc import Callable
from typing import Any

from abalone.serving.capture import FeedbackEvent, PredictionEvent

NOON = 1_790_000_000.0
"""2026-09-21T14:13:20Z."""

HOUR = "2026/09/21/14"
VERSION = "2026-09-20T10.00.00.000Z"
ROW = "M,0.455,0.365,0.095,0.514,0.2245,0.101,0.15"
ANSWERED = "9.5,6.0,13.5,11.0,,"


def event(name: str, rows: int = 1, *, version: str = VERSION, time: float = NOON, **changes: Any) -> bytes:
    """The line of a request in CSV; `changes` are those of `PredictionEvent`."""
    sent = {
        "event_id": name,
        "content_type": "text/csv",
        "request": f"{ROW}\n".encode() * rows,
        "accept": "text/csv",
        "answer": f"{ANSWERED}\r\n".encode() * rows,
    }
    return PredictionEvent(inference_id=name, time=time, model_version=version, **(sent | changes)).to_line()


def sagemaker_event(name: str, answer_version: str = VERSION, inference_id: str | None = None) -> bytes:
    """The line that SageMaker's own data capture writes of a request in CSV that is answered in JSON."""
    outcome = {"rings": 9.5, "lower_rings": 6.0, "upper_rings": 13.5, "age_years": 11.0, "warnings": []}
    answer = {"inference_id": name, "model_version": answer_version, "predictions": [outcome]}
    metadata = {"eventId": name, "inferenceTime": "2026-09-21T14:13:20Z"}
    line = {
        "captureData": {
            "endpointInput": {
                "observedContentType": "text/csv", "mode": "INPUT", "data": f"{ROW}\n", "encoding": "CSV",
            },
            "endpointOutput": {
                "observedContentType": "application/json", "mode": "OUTPUT", "data": json.dumps(answer),
                "encoding": "JSON",
            },
        },
        "eventMetadata": metadata | ({} if inference_id is None else {"inferenceId": inference_id}),
        "eventVersion": "0",
    }  # fmt: skip
    return json.dumps(line).encode() + b"\n"


def label(name: str, rings: int = 9, row: int = 1, time: float = NOON) -> bytes:
    """The line of a label."""
    return FeedbackEvent(name, row, rings, time).to_line()


def capture_path(hour: str = HOUR, name: str = "00-00-000-a", endpoint: str = "abalone") -> str:
    """Where a file of captures is."""
    return f"{endpoint}/local/{hour}/{name}"


def label_path(hour: str = HOUR, name: str = "00-00-000-a", endpoint: str = "abalone") -> str:
    """Where a file of labels is."""
    return f"{endpoint}-ground-truth/{hour}/{name}"


def files(**contents: bytes) -> dict[str, Callable[[], bytes]]:
    """What reads the files, by their paths."""
    return {path: (lambda content=content: content) for path, content in contents.items()}
