"""Captures on a real S3 server, in good times and bad ones."""

import json
import logging
from collections.abc import Iterator

import pytest

from abalone.errors import AbaloneError
from abalone.serving import aws
from abalone.serving.capture import Capture, open_capture
from abalone.serving.settings import Settings
from support.captures import feedback, ids, prediction
from support.s3 import S3, OutageProxy
from support.waiting import await_that

CLOSING_SECONDS = 60
"""How long a close may take on a busy machine."""


def opened(s3: S3, **settings: float | int) -> Capture:
    capture = open_capture(Settings(capture=f"s3://{s3.bucket}/captures", **settings))
    assert capture is not None
    return capture


def stored(s3: S3, prefix: str = "captures/abalone/") -> list[str]:
    lines = [line for key in s3.keys(prefix) for line in s3.read(key).splitlines()]
    return ids([json.loads(line) for line in lines])


@pytest.fixture
def proxy(s3: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[OutageProxy]:
    """What stands before S3 for the service, and fails when asked to."""
    monkeypatch.setattr(aws, "_ATTEMPTS", 1)
    proxy = OutageProxy(s3.endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
    yield proxy
    proxy.close()


def test_close_delivers_what_was_captured(s3: S3) -> None:
    capture = opened(s3)

    for number in range(100):
        capture.predictions.offer(prediction(str(number)))
    capture.feedback.offer(feedback("5"))
    capture.close(CLOSING_SECONDS)

    (key,) = s3.keys("captures/abalone/")
    assert key.startswith("captures/abalone/local/2026/09/21/14/13-20-250-")
    assert stored(s3) == [str(number) for number in range(100)]
    assert stored(s3, "captures/abalone-ground-truth/2026/09/21/14/") == ["5"]
    assert (capture.written, capture.dropped) == (101, 0)


def test_file_is_delivered_when_it_is_old(s3: S3) -> None:
    capture = opened(s3, capture_rotate_seconds=0.01)

    capture.predictions.offer(prediction("1"))

    await_that(lambda: stored(s3) == ["1"])
    await_that(lambda: capture.written == 1)
    capture.close(CLOSING_SECONDS)


def test_file_is_delivered_when_it_is_large(s3: S3) -> None:
    capture = opened(s3, capture_rotate_bytes=2000)

    for number in range(100):
        capture.predictions.offer(prediction(str(number)))
    capture.close(CLOSING_SECONDS)

    assert len(s3.keys("captures/")) > 1
    assert sorted(stored(s3), key=int) == [str(number) for number in range(100)]


def test_outage_loses_nothing_that_has_room_and_is_told_once(
    s3: S3, proxy: OutageProxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="abalone")
    capture = opened(s3, capture_rotate_seconds=0.01)
    proxy.fail()

    capture.predictions.offer(prediction("1"))
    await_that(lambda: proxy.refused > 0)
    capture.predictions.offer(prediction("2"))
    proxy.recover()

    await_that(lambda: sorted(stored(s3)) == ["1", "2"])
    capture.close(CLOSING_SECONDS)
    assert (capture.written, capture.dropped) == (2, 0)
    ours = [record for record in caplog.records if record.name.startswith("abalone")]
    assert [record.levelname for record in ours] == ["WARNING", "INFO"]
    assert "s3://abalone-test/captures/abalone/local" in ours[0].getMessage()


def test_what_has_no_room_in_an_outage_is_dropped_and_counted(s3: S3, proxy: OutageProxy) -> None:
    capture = opened(s3, capture_rotate_seconds=0.01, capture_pending_bytes=50_000)
    proxy.fail()
    capture.predictions.offer(prediction("first"))
    await_that(lambda: proxy.refused > 0)

    for number in range(1000):
        capture.predictions.offer(prediction(str(number)))
    assert capture.dropped > 0
    proxy.recover()
    capture.close(CLOSING_SECONDS)

    assert capture.written + capture.dropped == 1001
    assert len(stored(s3)) == capture.written >= 50


def test_close_in_an_outage_ends_in_time_and_counts_what_is_lost(
    s3: S3, proxy: OutageProxy, caplog: pytest.LogCaptureFixture
) -> None:
    capture = opened(s3)
    for number in range(10):
        capture.predictions.offer(prediction(str(number)))
    proxy.fail()

    capture.close(CLOSING_SECONDS)

    assert (capture.written, capture.dropped) == (0, 10)
    assert "0 were written, 10 dropped" in caplog.text
    assert stored(s3) == []


def test_bucket_that_is_not_there_is_told_and_nothing_is_kept_waiting(s3: S3, caplog: pytest.LogCaptureFixture) -> None:
    capture = open_capture(Settings(capture="s3://no-such-bucket", capture_rotate_seconds=0.01))
    assert capture is not None and s3

    capture.predictions.offer(prediction())
    await_that(lambda: "NoSuchBucket" in caplog.text)
    capture.close(CLOSING_SECONDS)

    assert capture.dropped == 1


def test_address_without_a_bucket_is_told() -> None:
    with pytest.raises(AbaloneError, match="is not an address on S3: write s3://bucket/key"):
        open_capture(Settings(capture="s3://"))
