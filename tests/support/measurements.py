"""Rows to ask about, in every format, and what an artifact says of them."""

import json
from collections.abc import Mapping, Sequence

from abalone.model.artifact import Artifact
from abalone.schema import MEASUREMENT_NAMES

ROW: Mapping[str, str | float] = {
    "sex": "M",
    "length": 0.455,
    "diameter": 0.365,
    "height": 0.095,
    "whole_weight": 0.514,
    "shucked_weight": 0.2245,
    "viscera_weight": 0.101,
    "shell_weight": 0.15,
}

JSON, JSON_LINES, CSV = "application/json", "application/jsonlines", "text/csv"

Rows = Sequence[Mapping[str, str | float]]


def as_json(rows: Rows) -> bytes:
    return json.dumps([dict(row) for row in rows]).encode()


def as_json_lines(rows: Rows) -> bytes:
    return b"".join(json.dumps(dict(row)).encode() + b"\n" for row in rows)


def as_csv(rows: Rows, *, header: bool = False) -> bytes:
    lines = [",".join(MEASUREMENT_NAMES)] if header else []
    lines += [",".join(str(row[name]) for name in MEASUREMENT_NAMES) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def predicted_rings(artifact: Artifact, rows: Rows) -> list[float]:
    """What the artifact says when it is asked without a service."""
    rings: list[float] = artifact.predict(
        {name: [row[name] for row in rows] for name in MEASUREMENT_NAMES}
    ).rings.tolist()
    return rings
