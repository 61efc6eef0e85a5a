"""A real S3 server on this machine."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from support.s3 import BUCKET, REGION, S3
from support.waiting import free_port


def wait_until_open(port: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "the S3 server did not start"
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def s3() -> Iterator[S3]:
    """An S3 server, in a process of its own, with an empty bucket."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_open(port)
        store = S3(f"http://127.0.0.1:{port}")
        store.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield store
    finally:
        server.terminate()
        server.wait()
