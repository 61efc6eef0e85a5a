"""Request bodies made of the survey's rows."""

import csv
import json
from pathlib import Path

from abalone.schema import IMPOSSIBLE, MEASUREMENT_NAMES, NUMBER_NAMES, SEX

REPOSITORY = Path(__file__).parents[2]
SURVEY = REPOSITORY / "data" / "01_raw" / "landing" / "uci_abalone.csv"

Row = dict[str, str | float]

JSON, JSON_LINES, CSV = "application/json", "application/jsonlines", "text/csv"


def read_rows() -> list[Row]:
    """Read the measurements of the survey that break no physical rule."""
    with SURVEY.open(encoding="utf-8", newline="") as file:
        rows: list[Row] = [
            {SEX.name: row[SEX.name], **{name: float(row[name]) for name in NUMBER_NAMES}}
            for row in csv.DictReader(file)
        ]
    return [row for row in rows if _possible(row)]


def _possible(row: Row) -> bool:
    def value(name: str) -> float:
        return float(row[name])

    sums = ((sum(map(value, rule.parts)), value(rule.whole), rule.strict) for rule in IMPOSSIBLE)
    in_order = all(part < whole if strict else part <= whole for part, whole, strict in sums)
    return in_order and all(value(name) > 0 for name in NUMBER_NAMES)


def encode(rows: list[Row], content_type: str) -> bytes:
    """Write rows as the body of a request: one of the content types above, CSV without a header."""
    if content_type == JSON:
        return json.dumps(rows, separators=(",", ":")).encode()
    if content_type == JSON_LINES:
        return "\n".join(json.dumps(row, separators=(",", ":")) for row in rows).encode()
    return "\n".join(",".join(str(row[name]) for name in MEASUREMENT_NAMES) for row in rows).encode()


def bodies_of(rows: list[Row], content_type: str, rows_a_body: int = 1) -> list[bytes]:
    """Cut rows into bodies of the same number of rows each; what is left over is left out."""
    starts = range(0, len(rows) - rows_a_body + 1, rows_a_body)
    return [encode(rows[start : start + rows_a_body], content_type) for start in starts]
