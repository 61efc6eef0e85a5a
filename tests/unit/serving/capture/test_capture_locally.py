"""Captures in a folder: where they are, when a new file begins, and what is lost when."""

import logging
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from abalone.serving.capture import Capture, open_capture
from abalone.serving.settings import Settings
from support.captures import NOON, captured, feedback, ids, line_count, prediction
from support.project import REPOSITORY
from support.waiting import await_that

HOUR = 3600.0
CLOSING_SECONDS = 60
"""How long a close may take on a busy machine."""


def opened(folder: Path, **settings: float | int | str) -> Capture:
    capture = open_capture(Settings(capture=str(folder), **settings))
    assert capture is not None
    return capture


def test_nothing_is_captured_unless_a_place_is_named() -> None:
    assert open_capture(Settings(capture="")) is None


def test_files_are_where_sagemaker_puts_them(tmp_path: Path) -> None:
    capture = opened(tmp_path, endpoint_name="abalone-dev", variant_name="blue")

    capture.predictions.offer(prediction())
    capture.feedback.offer(feedback())
    capture.close(CLOSING_SECONDS)

    answers, labels = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.jsonl"))[::-1]
    uuid = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\.jsonl"
    assert re.fullmatch("abalone-dev/blue/2026/09/21/14/13-20-250-" + uuid, answers)
    assert re.fullmatch("abalone-dev-ground-truth/2026/09/21/14/13-20-250-" + uuid, labels)
    assert (capture.written, capture.dropped) == (2, 0)


def test_records_are_kept_in_the_order_of_the_requests(tmp_path: Path) -> None:
    capture = opened(tmp_path)

    for number in range(500):
        capture.predictions.offer(prediction(str(number)))
    capture.close(CLOSING_SECONDS)

    assert ids(captured(tmp_path)) == [str(number) for number in range(500)]
    assert capture.written == 500


def test_record_is_in_the_file_soon_without_a_close(tmp_path: Path) -> None:
    capture = opened(tmp_path)

    capture.predictions.offer(prediction())

    await_that(lambda: line_count(tmp_path) == 1)
    await_that(lambda: capture.predictions.written == 1)
    capture.close(CLOSING_SECONDS)


def test_another_hour_has_another_folder(tmp_path: Path) -> None:
    capture = opened(tmp_path)

    for number, seconds in enumerate((NOON, NOON + HOUR, NOON + HOUR + 1, NOON + 24 * HOUR)):
        capture.predictions.offer(prediction(str(number), seconds))
    capture.close(CLOSING_SECONDS)

    day = tmp_path / "abalone/local/2026/09"
    hours = {folder: ids(captured(day / folder)) for folder in ("21/14", "21/15", "22/14")}
    assert hours == {"21/14": ["0"], "21/15": ["1", "2"], "22/14": ["3"]}


def test_large_file_is_followed_by_another(tmp_path: Path) -> None:
    capture = opened(tmp_path, capture_rotate_bytes=3000)

    for number in range(5):
        capture.predictions.offer(prediction(str(number), request=b"M,0.4\n" * 1000))
        await_that(lambda: line_count(tmp_path) == number + 1)  # noqa: B023 - called in its turn
    capture.close(CLOSING_SECONDS)

    assert len(list(tmp_path.rglob("*.jsonl"))) == 5
    assert sorted(ids(captured(tmp_path)), key=int) == [str(number) for number in range(5)]


def test_old_file_is_followed_by_another(tmp_path: Path) -> None:
    capture = opened(tmp_path, capture_rotate_seconds=1e-9)

    for number in range(2):
        capture.predictions.offer(prediction(str(number)))
        await_that(lambda: line_count(tmp_path) == number + 1)  # noqa: B023 - called in its turn

    assert len(list(tmp_path.rglob("*.jsonl"))) == 2
    capture.close(CLOSING_SECONDS)


def test_what_waits_is_bounded_and_the_rest_is_counted(tmp_path: Path) -> None:
    capture = opened(tmp_path, capture_pending_bytes=100_000)

    for number in range(2000):
        capture.predictions.offer(prediction(str(number)))
    capture.close(CLOSING_SECONDS)

    assert 0 < capture.written < 2000
    assert capture.written + capture.dropped == 2000
    assert len(captured(tmp_path)) == capture.written


def test_record_larger_than_what_may_wait_is_dropped(tmp_path: Path) -> None:
    capture = opened(tmp_path, capture_pending_bytes=100_000)

    capture.predictions.offer(prediction(request=bytes(100_000)))
    capture.predictions.offer(prediction("small"))
    capture.close(CLOSING_SECONDS)

    assert ids(captured(tmp_path)) == ["small"]
    assert capture.dropped == 1


def test_sample_is_the_share_that_was_set_and_the_same_in_every_process(tmp_path: Path) -> None:
    samples = []
    for worker in ("one", "two"):
        capture = opened(tmp_path / worker, capture_sample=0.3)
        for number in range(2000):
            capture.predictions.offer(prediction(f"{number:032x}"))
        capture.feedback.offer(feedback())
        capture.close(CLOSING_SECONDS)
        assert capture.dropped == 0
        samples.append(ids(captured(tmp_path / worker / "abalone")))
        assert len(captured(tmp_path / worker / "abalone-ground-truth")) == 1  # labels are few, and all are kept

    assert samples[0] == samples[1]
    assert 500 < len(samples[0]) < 700


def test_nothing_is_sampled_at_a_share_of_zero(tmp_path: Path) -> None:
    capture = opened(tmp_path, capture_sample=0)

    capture.predictions.offer(prediction())
    capture.close(CLOSING_SECONDS)

    assert not list(tmp_path.iterdir())


def test_what_is_offered_after_the_close_is_dropped_without_a_fault(tmp_path: Path) -> None:
    capture = opened(tmp_path)
    capture.close(CLOSING_SECONDS)

    capture.predictions.offer(prediction())
    capture.close(CLOSING_SECONDS)

    assert (capture.written, capture.dropped) == (0, 1)


def test_id_that_is_no_unicode_is_dropped_alone(tmp_path: Path) -> None:
    capture = opened(tmp_path, capture_sample=0.9999)

    for name in ("before", "\ud800", "after"):
        capture.predictions.offer(prediction(name))
    capture.close(CLOSING_SECONDS)

    assert ids(captured(tmp_path)) == ["before", "after"]
    assert (capture.written, capture.dropped) == (2, 1)


def test_folder_that_cannot_be_written_is_told_once_and_used_when_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="abalone")
    (tmp_path / "captures").touch()  # a file in the place of the folder stops root, too
    capture = opened(tmp_path / "captures")

    capture.predictions.offer(prediction("lost"))
    await_that(lambda: capture.dropped == 1)
    (tmp_path / "captures").unlink()
    capture.predictions.offer(prediction("kept"))
    await_that(lambda: capture.written == 1)
    capture.close(CLOSING_SECONDS)

    assert ids(captured(tmp_path)) == ["kept"]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO", "WARNING"]
    assert "captures cannot be written to" in caplog.messages[0]
    assert "again, 1 were dropped" in caplog.messages[1]


FULL_DISK = """
import json, resource, sys, time
from abalone.serving.capture import open_capture
from abalone.serving.settings import Settings
from support.captures import prediction

hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
capture = open_capture(Settings(capture=sys.argv[1]))
for number in range(3):  # fits, and leaves less than the next ones need
    capture.predictions.offer(prediction(f"before {number}"))
while capture.written < 3:
    time.sleep(0.01)
for number in range(20):
    capture.predictions.offer(prediction(f"lost {number}"))
while capture.dropped < 20:
    time.sleep(0.01)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
capture.predictions.offer(prediction("after"))
while capture.written < 4:
    time.sleep(0.01)
capture.close(60)
print(capture.written, capture.dropped)
"""


def run_program(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "tests")},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_full_disk_leaves_no_half_line_and_is_written_to_again_when_there_is_room(tmp_path: Path) -> None:
    # a limit on the size of a file fails a write in its middle, as a full disk does, and needs no mount
    output, _ = run_program(FULL_DISK, str(tmp_path)).communicate(timeout=60)

    assert output.split() == ["4", "20"]
    assert sorted(ids(captured(tmp_path))) == ["after", "before 0", "before 1", "before 2"]
    assert all(path.stat().st_size for path in tmp_path.rglob("*.jsonl"))


KILLED = """
import sys, threading
from abalone.serving.capture import open_capture
from abalone.serving.settings import Settings
from support.captures import prediction

capture = open_capture(Settings(capture=sys.argv[1]))
for number in range(1000):
    capture.predictions.offer(prediction(str(number)))
threading.Event().wait()
"""


def test_killed_process_has_written_what_it_took_before(tmp_path: Path) -> None:
    process = run_program(KILLED, str(tmp_path))
    try:
        await_that(lambda: line_count(tmp_path) == 1000)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()

    assert ids(captured(tmp_path)) == [str(number) for number in range(1000)]
