"""A batch that is cut, wherever it is, gives what it gives as a whole."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from abalone.errors import AbaloneError
from abalone.etl.batches import LandedBatch, Rules, landed_batches
from abalone.etl.cutting import Piece, count_range, cut
from abalone.etl.folder import DataFolder
from abalone.etl.parsed import ParsedBatch, read_records
from abalone.etl.parsing import parse_pieces, refuse
from abalone.pipelines.ingestion.nodes import validate_batches
from support.batches import BAD_ROWS, HEADER, OTHER_ROW, ROW, UNREADABLE, WELL_FORMED, as_bytes

RULES = Rules(parts_tolerance=0.1, maximum_line_bytes=10_000)
MANY_ROWS = "\n".join([HEADER, *(line for row, _ in BAD_ROWS for line in (ROW, row, "", OTHER_ROW))])


def land(data: Path, raw: bytes) -> tuple[DataFolder, LandedBatch]:
    path = data / "01_raw" / "landing" / "site.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    folder = DataFolder(str(data))
    (batch,) = landed_batches(folder, RULES)
    return folder, batch


def parse_in_pieces(folder: DataFolder, batch: LandedBatch, split_bytes: int) -> tuple[ParsedBatch, int]:
    """What becomes of a batch, and in how many pieces it was parsed."""
    counts = [count_range(folder, batch, number, split_bytes) for number in range(-(-batch.size // split_bytes))]
    pieces = cut(batch, counts, RULES.maximum_line_bytes)
    if not isinstance(pieces, list):
        return refuse(batch, pieces, folder), 0
    outcomes = [parsed.outcome for piece in pieces for parsed in parse_pieces([piece], folder, RULES)]
    return ParsedBatch.of(batch, outcomes), len(pieces)


def rows_of(folder: DataFolder, files: list, columns: list[str]) -> list[list[object]]:
    tables = [folder.read_table(part.file).to_pandas() for part in files]
    return pd.concat(tables)[columns].to_numpy().tolist() if tables else []


def assert_same_as_whole(data: Path, raw: bytes, split_bytes: int) -> int:
    folder, batch = land(data, raw)
    valid, quarantine, rows_in = validate_batches({"site.csv": lambda: raw}, *RULES)

    parsed, pieces = parse_in_pieces(folder, batch, split_bytes)

    assert parsed.rows_in == rows_in["site"]
    assert rows_of(folder, parsed.accepted, list(valid.columns)) == valid.to_numpy().tolist()
    assert rows_of(folder, parsed.quarantine, list(quarantine.columns)) == quarantine.to_numpy().tolist()
    return pieces


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("split_bytes", [90, 1_000, 10_050])
def test_every_kind_of_row_is_the_same_in_pieces(split_bytes: int, end: str, tmp_path: Path) -> None:
    pieces = assert_same_as_whole(tmp_path, MANY_ROWS.replace("\n", end).encode(), split_bytes)

    assert pieces >= 2


@pytest.mark.parametrize("split_bytes", [30, 100])
def test_every_kind_of_batch_is_the_same_in_pieces(split_bytes: int, tmp_path: Path) -> None:
    kinds = {**WELL_FORMED, **{name: raw for name, (raw, *_) in UNREADABLE.items()}}
    for place, raw in enumerate(kinds.values()):
        if raw:  # nothing cannot be cut
            assert_same_as_whole(tmp_path / str(place), as_bytes(raw), split_bytes)


def test_nul_beyond_the_first_range_refuses_the_batch_whole_unparsed(tmp_path: Path) -> None:
    raw = f"{HEADER}\n{ROW}\n{OTHER_ROW}\n{ROW}\0\n".encode()

    assert assert_same_as_whole(tmp_path, raw, 100) == 0


def test_lines_that_begin_like_a_byte_order_mark_are_no_marks(tmp_path: Path) -> None:
    rows = b"\xff\xfe\n" + b"\xef\xbb\xbf" + ROW.encode() + b"\n"

    assert assert_same_as_whole(tmp_path, HEADER.encode() + b"\n" + rows * 3, 60) > 2


def test_batch_without_a_header_in_its_first_range_is_parsed_whole(tmp_path: Path) -> None:
    raw = b"\n" * 200 + f"{HEADER}\n{ROW}\n{OTHER_ROW}\n".encode()

    assert assert_same_as_whole(tmp_path, raw, 100) == 1


def test_piece_of_blank_lines_is_not_parsed(tmp_path: Path) -> None:
    raw = f"{HEADER}\n{ROW}\n".encode() + b" \n" * 300 + OTHER_ROW.encode()

    assert assert_same_as_whole(tmp_path, raw, 150) == 2


LINES = st.sampled_from(
    [HEADER, ROW, OTHER_ROW, "", " ", "\t", '"', "bad", "\ufeff", "é", "\0", "\r", "M,\r,2", "x" * 150]
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(LINES, max_size=8),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    begins_with_header=st.booleans(),
    split_bytes=st.integers(30, 200),
)
@example(lines=["\r", "\r"], end="\r\n", begins_with_header=True, split_bytes=1)
@example(lines=["", "\ufeff", "bad"], end="\n", begins_with_header=False, split_bytes=50)
def test_any_text_is_the_same_in_pieces(
    tmp_path: Path, lines: list[str], end: str, begins_with_header: bool, split_bytes: int
) -> None:
    text = end.join([HEADER] * begins_with_header + lines)
    if text:
        assert_same_as_whole(tmp_path, text.encode(), split_bytes)


def test_whole_batch_is_recorded_as_parsed_and_a_piece_is_not(tmp_path: Path) -> None:
    folder, batch = land(tmp_path, f"{HEADER}\n{ROW}\n".encode())
    record = tmp_path / "02_intermediate" / "etl" / batch.fingerprint / "parsed.json"

    parse_pieces([Piece(batch, 0, 0, batch.size - 1)], folder, RULES)
    assert not record.exists()

    parse_pieces([Piece(batch, 0, 0, batch.size)], folder, RULES)
    assert record.exists()


@pytest.mark.parametrize("replaced_by", [f"{HEADER}\n{OTHER_ROW}\n{ROW}\n".encode(), None])
def test_batch_that_has_changed_since_it_was_listed_is_not_recorded_as_parsed(
    replaced_by: bytes | None, tmp_path: Path
) -> None:
    folder, batch = land(tmp_path, f"{HEADER}\n{ROW}\n".encode())
    folder.remove(batch.path)
    if replaced_by:
        land(tmp_path, replaced_by)

    with pytest.raises(AbaloneError, match="batch site has been replaced or removed while the job was at work: run"):
        parse_pieces([Piece(batch, 0, 0, batch.size)], folder, RULES)

    assert read_records(folder, [batch]) == {}


@pytest.mark.parametrize("of", ["accepted", "quarantine"])
def test_record_of_which_a_file_is_gone_counts_for_nothing(of: str, tmp_path: Path) -> None:
    folder, batch = land(tmp_path, f"{HEADER}\n{ROW}\nbad\n".encode())
    parse_pieces([Piece(batch, 0, 0, batch.size)], folder, RULES)
    recorded = read_records(folder, [batch])[batch.fingerprint]

    folder.remove(getattr(recorded, of)[0].file)

    assert read_records(folder, [batch]) == {}
