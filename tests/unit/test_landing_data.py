"""The committed first batch holds the values that UCI publishes."""

import hashlib
from pathlib import Path

from abalone.schema import COLUMN_NAMES

LANDING_FILE = Path(__file__).parents[2] / "data" / "01_raw" / "landing" / "uci_abalone.csv"
UCI_SHA256 = "de37cdcdcaaa50c309d514f248f7c2302a5f1f88c168905eba23fe2fbc78449f"


def test_committed_batch_is_the_uci_file_below_a_header_line():
    header, _, rows = LANDING_FILE.read_bytes().partition(b"\n")

    assert header.decode() == ",".join(COLUMN_NAMES)
    assert hashlib.sha256(rows).hexdigest() == UCI_SHA256
    assert rows.count(b"\n") == 4177
