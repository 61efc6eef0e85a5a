"""What is kept of every batch that has been parsed, so that the next run need not parse it."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from abalone.etl.batches import LandedBatch, check_unchanged
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
    """Read what became of the batches that have been parsed and whose files are there, by fingerprint."""
    found = folder.read_those_there([_record(batch.fingerprint) for batch in batches])
    records = [_from_json(json.loads(content)) for content in found.values()]
    # a folder is not removed at once: a record may outlive the files that it names
    there = {f"{PARSED}/{name}" for name in folder.find(PARSED)}
    return {
        parsed.fingerprint: parsed
        for parsed in records
        if there.issuperset(part.file for part in (*parsed.accepted, *parsed.quarantine))
    }


def record(folder: DataFolder, batch: LandedBatch, outcomes: Sequence[Outcome]) -> ParsedBatch:
    """Record that a batch has been parsed: from then on its files are taken for whole.

    Args:
        folder: The data folder.
        batch: As it was listed.
        outcomes: Of its pieces, in their order.

    Returns:
        What became of it.

    Raises:
        AbaloneError: It has been replaced or removed since it was listed: it is not known what has been parsed.
    """
    check_unchanged(folder, batch)
    parsed = ParsedBatch.of(batch, outcomes)
    folder.write(_record(parsed.fingerprint), json.dumps(parsed._asdict()).encode())
    return parsed


def place(fingerprint: str, name: str) -> str:
    """Return the path of a file of a parsed batch."""
    return f"{PARSED}/{fingerprint}/{name}"


def _record(fingerprint: str) -> str:
    return place(fingerprint, _RECORD)


def _from_json(written: dict[str, Any]) -> ParsedBatch:
    parts = {name: [Part(*part) for part in written[name]] for name in ("accepted", "quarantine")}
    return ParsedBatch(**{**written, **parts})
