"""The folder of captures, while somebody else has his hands in it."""

import shutil
from pathlib import Path

from abalone.serving.capture.sinks import LocalSink


def test_folder_that_is_removed_is_made_again(tmp_path: Path) -> None:
    file = LocalSink(tmp_path / "captures").open("12/a.jsonl")
    file.append([b"1\n"])
    shutil.rmtree(tmp_path / "captures")

    file.append([b"2\n", b"3\n"])
    file.close()

    assert (tmp_path / "captures" / "12" / "a.jsonl").read_bytes() == b"2\n3\n"
