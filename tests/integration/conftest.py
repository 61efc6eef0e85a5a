"""A real S3 server on this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from support.project import UNMEASURED
from support.s3 import S3
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


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3]:
    """An S3 server, in a process of its own."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)],
        env=os.environ | UNMEASURED,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_open(port)
        yield S3(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def s3(s3_server: S3) -> S3:
    """An S3 server that holds nothing of the tests before, with an empty bucket."""
    s3_server.reset()
    return s3_server
