"""The batches that have not been parsed yet, parsed by Spark's tasks."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from pyspark.sql import SparkSession

from abalone.etl.batches import LandedBatch, Rules
from abalone.etl.cutting import Count, Piece, count_range, cut
from abalone.etl.folder import DataFolder
from abalone.etl.parsed import Outcome, ParsedBatch, read_records, record
from abalone.etl.parsing import ParsedPiece, parse_pieces, refuse
from abalone.etl.tasks import run_tasks

logger = logging.getLogger(__name__)

_TASKS_A_CORE = 3
_OVERHEAD_BYTES = 1 << 14
"""What a batch costs whatever its size is."""


def parse_batches(
    spark: SparkSession, folder: DataFolder, batches: Sequence[LandedBatch], rules: Rules, split_bytes: int
) -> list[ParsedBatch]:
    """Parse the batches that have not been parsed before.

    Args:
        spark: The session.
        folder: The data folder.
        batches: All batches of the landing zone.
        rules: The parameters to parse with.
        split_bytes: Larger batches are cut.

    Returns:
        What became of each batch, in their order.

    Raises:
        AbaloneError: A batch has been replaced or removed since it was listed.
    """
    parsed = read_records(folder, batches)
    new = [batch for batch in batches if batch.fingerprint not in parsed]
    logger.info("%s of %s batches are new", f"{len(new):,}", f"{len(batches):,}")
    pieces = [Piece(batch, 0, 0, batch.size) for batch in new if batch.size <= split_bytes]
    for batch, counts in _count(spark, folder, [batch for batch in new if batch.size > split_bytes], split_bytes):
        its_pieces = cut(batch, counts, rules.maximum_line_bytes)
        if isinstance(its_pieces, list):
            pieces += its_pieces
        else:
            parsed[batch.fingerprint] = refuse(batch, its_pieces, folder)
    outcomes: defaultdict[LandedBatch, list[Outcome]] = defaultdict(list)
    for done in _parse(spark, folder, pieces, rules, split_bytes):
        outcomes[done.piece.batch].append(done.outcome)
    for batch, its_outcomes in outcomes.items():
        is_cut = batch.size > split_bytes
        parsed[batch.fingerprint] = (
            record(folder, batch, its_outcomes) if is_cut else ParsedBatch.of(batch, its_outcomes)
        )
    return [parsed[batch.fingerprint] for batch in batches]


def _count(
    spark: SparkSession, folder: DataFolder, batches: Sequence[LandedBatch], split_bytes: int
) -> list[tuple[LandedBatch, list[Count]]]:
    ranges = [(batch, number) for batch in batches for number in range(-(-batch.size // split_bytes))]
    count = partial(_count_one, folder=folder, split_bytes=split_bytes)
    counts: defaultdict[LandedBatch, list[Count]] = defaultdict(list)
    for (batch, _), counted in zip(
        ranges, run_tasks(spark, "counted the lines of {} of {} ranges", ranges, count), strict=True
    ):
        counts[batch].append(counted)
    return list(counts.items())


def _count_one(given: tuple[LandedBatch, int], folder: DataFolder, split_bytes: int) -> Count:
    return count_range(folder, *given, split_bytes)


def _parse(
    spark: SparkSession, folder: DataFolder, pieces: Sequence[Piece], rules: Rules, split_bytes: int
) -> list[ParsedPiece]:
    total = sum(piece.end - piece.start + _OVERHEAD_BYTES for piece in pieces)
    groups = _grouped(pieces, min(split_bytes, total // (_TASKS_A_CORE * spark.sparkContext.defaultParallelism)))
    parse = partial(parse_pieces, folder=folder, rules=rules)
    return [
        parsed for group in run_tasks(spark, "parsed {} of {} groups of batches", groups, parse) for parsed in group
    ]


def _grouped(pieces: Sequence[Piece], group_bytes: int) -> list[list[Piece]]:
    """Group pieces into tasks of about equal size; the pieces of one batch are apart, as each has the batch's name."""
    groups: list[list[Piece]] = []
    size = group_bytes
    for piece in pieces:
        if size >= group_bytes or not piece.is_whole:
            groups.append([])
            size = 0
        groups[-1].append(piece)
        size += piece.end + _OVERHEAD_BYTES if piece.is_whole else group_bytes
    return groups
