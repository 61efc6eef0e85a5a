"""What is kept of every batch that has been parsed, so that the next run need not parse it."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from abalone.etl.batches import LandedBatch
from abalone.etl.folder import DataFolder

PARSED = "02_intermediate/etl"

_RECORD = "parsed.json"


class Part(NamedTuple):
    """A Parquet file in the data folder, and how many rows it has."""

    file: str
    rows: int


class Outcome(NamedTuple):
    """What became of a piece of a batch.

    Attributes:
        rows_in: Its rows.
        accepted: The file of the valid rows; None if there are none.
        quarantine: The file of the quarantine entries; None if there are none.
        refusal: Why the batch as a whole cannot be read, or "".
    """

    rows_in: int
    accepted: Part | None
    quarantine: Part | None
    refusal: str = ""


class ParsedBatch(NamedTuple):
    """What became of a batch.

    Attributes:
        name: Of the batch.
        rows_in: Its rows.
        accepted: The files of the valid rows, by line.
        quarantine: The files of the quarantine entries, by line.
        refusal: Why the batch as a whole cannot be read, or "".
        fingerprint: Of the batch.
    """

    name: str
    rows_in: int
    accepted: list[Part]
    quarantine: list[Part]
    refusal: str
    fingerprint: str

    @classmethod
    def of(cls, batch: LandedBatch, outcomes: Sequence[Outcome]) -> Self:
        """Put together what became of the pieces of a batch, in their order."""
        return cls(
            batch.name,
            sum(outcome.rows_in for outcome in outcomes),
            [outcome.accepted for outcome in outcomes if outcome.accepted],
            [outcome.quarantine for outcome in outcomes if outcome.quarantine],
            next((outcome.refusal for outcome in outcomes if outcome.refusal), ""),
            batch.fingerprint,
        )


def read_records(folder: DataFolder, batches: Sequence[LandedBatch]) -> dict[str, ParsedBatch]:
    """Read what became of the batches that have been parsed, by fingerprint."""
    paths = {_record(batch.fingerprint): batch.fingerprint for batch in batches}
    found = folder.read_those_there(list(paths))
    return {paths[path]: _from_json(json.loads(content)) for path, content in found.items()}


def write_record(folder: DataFolder, parsed: ParsedBatch) -> None:
    """Record that a batch has been parsed: from then on its files are taken for whole."""
    folder.write(_record(parsed.fingerprint), json.dumps(parsed._asdict()).encode())


def place(fingerprint: str, name: str) -> str:
    """Return the path of a file of a parsed batch."""
    return f"{PARSED}/{fingerprint}/{name}"


def _record(fingerprint: str) -> str:
    return place(fingerprint, _RECORD)


def _from_json(record: dict[str, Any]) -> ParsedBatch:
    parts = {name: [Part(*part) for part in record[name]] for name in ("accepted", "quarantine")}
    return ParsedBatch(**{**record, **parts})
