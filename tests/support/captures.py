"""Events to capture, and what was captured of them."""

import json
from pathlib import Path
from typing import Any

from abalone.serving.capture import FeedbackEvent, PredictionEvent

NOON = 1_790_000_000.25
"""2026-09-21T14:13:20.250Z."""


def prediction(inference_id: str = "8f", time: float = NOON, request: bytes = b"M,0.4\n") -> PredictionEvent:
    return PredictionEvent(
        inference_id, time, "text/csv", request, "application/json", b'{"rings": 9}', "2026-01-01", event_id="1c"
    )


def feedback(inference_id: str = "8f", row: int = 1, rings: int = 9, time: float = NOON) -> FeedbackEvent:
    return FeedbackEvent(inference_id, row, rings, time)


def captured(root: Path) -> list[dict[str, Any]]:
    """What the files below a folder hold, once nobody writes them; each line has its end, and no file is empty."""
    contents = [path.read_bytes() for path in sorted(root.rglob("*.jsonl"))]
    assert all(content.endswith(b"\n") for content in contents)
    return [json.loads(line) for content in contents for line in content.splitlines()]


def line_count(root: Path) -> int:
    """How many whole lines there are by now, while somebody writes them."""
    return sum(path.read_bytes().count(b"\n") for path in root.rglob("*.jsonl"))


def ids(records: list[dict[str, Any]]) -> list[str]:
    """What the records call the answers that they are about."""
    found = [record["eventMetadata"] for record in records]
    return [metadata.get("inferenceId", metadata["eventId"]) for metadata in found]
