"""Pieces of batches to accepted and quarantined rows, in files of their own: what a task does."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from abalone.etl.batches import LandedBatch, Rules, read_landed
from abalone.etl.columns import ACCEPTED, QUARANTINE
from abalone.etl.cutting import Piece
from abalone.etl.folder import DataFolder
from abalone.etl.parsed import Outcome, ParsedBatch, Part, place, record
from abalone.pipelines.ingestion.batch import Batch, read_batch
from abalone.pipelines.ingestion.chunks import in_chunks, validate_chunk
from abalone.pipelines.ingestion.flags import soft_flags
from abalone.pipelines.ingestion.quarantine import Entry, quarantine_entries, quarantine_table
from abalone.pipelines.ingestion.validation import measurement_schema
from abalone.schema import RINGS


class ParsedPiece(NamedTuple):
    """What became of a piece."""

    piece: Piece
    outcome: Outcome


def parse_pieces(pieces: Sequence[Piece], folder: DataFolder, rules: Rules) -> list[ParsedPiece]:
    """Parse pieces, at most one of each batch, and write their rows; a batch that is whole is recorded as parsed.

    Args:
        pieces: What to parse.
        folder: The data folder.
        rules: The parameters to parse with.

    Returns:
        What became of each.

    Raises:
        AbaloneError: A batch has been replaced or removed since it was listed.
    """
    schema = measurement_schema()
    by_name = {piece.batch.name: piece for piece in pieces}
    parsed = []
    for chunk in in_chunks((piece.batch.name, _read(piece, folder, rules)) for piece in pieces):
        rows, reasons = validate_chunk(chunk, schema)
        accepted = rows.astype({RINGS.name: "int64"})
        flagged = accepted.assign(flags=soft_flags(accepted, rules.parts_tolerance))
        tables = dict(iter(flagged.groupby("batch", sort=False)))
        for name, batch in chunk.items():
            piece = by_name[name]
            entries = quarantine_entries(name, batch, reasons[name])
            outcome = _write(piece, folder, batch, tables.get(name), entries)
            if piece.is_whole:
                record(folder, piece.batch, [outcome])
            parsed.append(ParsedPiece(piece, outcome))
    return parsed


def refuse(landed: LandedBatch, batch: Batch, folder: DataFolder) -> ParsedBatch:
    """Quarantine a batch whole that need not be parsed to be refused."""
    entries = quarantine_entries(landed.name, batch, {})
    outcome = _write(Piece(landed, 0, 0, landed.size), folder, batch, None, entries)
    return record(folder, landed, [outcome])


def _read(piece: Piece, folder: DataFolder, rules: Rules) -> Batch:
    bounds = () if piece.is_whole else (piece.start, piece.end)
    raw = read_landed(folder, piece.batch, *bounds)
    in_front = piece.header + b"\n" if piece.header else b""
    return read_batch(in_front + raw, rules.maximum_line_bytes)


def _write(
    piece: Piece, folder: DataFolder, batch: Batch, accepted: pd.DataFrame | None, entries: Sequence[Entry]
) -> Outcome:
    shift = piece.lines_before - 1 if piece.header else 0
    written: dict[str, Part] = {}
    for name, table, schema in (
        ("accepted", accepted, ACCEPTED),
        ("quarantine", quarantine_table(entries), QUARANTINE),
    ):
        if table is not None and len(table):
            file = place(piece.batch.fingerprint, f"{name}-{piece.number:05}.parquet")
            moved = table.assign(line=table["line"] + shift)
            folder.write_table(file, pa.Table.from_pandas(moved, schema=schema, preserve_index=False))
            written[name] = Part(file, len(table))
    return Outcome(batch.rows, written.get("accepted"), written.get("quarantine"), batch.refusal)
