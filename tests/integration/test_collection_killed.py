"""A collection that is killed leaves no part of a batch that an ingestion would read."""

import hashlib
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

from support.project import REPOSITORY, Project

ROWS = b"F,0.531,0.421,0.136,0.678,0.2566,0.1416,0.211,9\n" * 20_000

KILL_INSIDE_WRITE = """
import os, pathlib, signal
from kedro.framework.cli import main

pathlib.Path.replace = lambda self, target: os.kill(os.getpid(), signal.SIGKILL)
main()
"""


class SlowSource(BaseHTTPRequestHandler):
    """Serves half of the batch, and the rest when it is told to."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(ROWS)))
        self.end_headers()
        self.wfile.write(ROWS[: len(ROWS) // 2])
        self.wfile.flush()
        self.server.half_served.set()
        if self.server.released.wait(60):
            self.wfile.write(ROWS[len(ROWS) // 2 :])

    def log_message(self, *_: object) -> None:
        """Keep the test output clean."""


@pytest.fixture
def source() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), SlowSource)
    server.daemon_threads = True
    server.half_served, server.released = threading.Event(), threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


def collect(project: Project, source: ThreadingHTTPServer, *program: str) -> subprocess.Popen[bytes]:
    """Start to collect the batch `survey`."""
    values = {
        "url": f"http://127.0.0.1:{source.server_port}/survey.data",
        "sha256": hashlib.sha256(ROWS).hexdigest(),
        "batch": "survey",
    }
    parameters = ",".join(f"collection.{name}={value}" for name, value in values.items())
    return subprocess.Popen(
        [sys.executable, *program, "run", "--pipelines", "collection", "--params", parameters],
        cwd=REPOSITORY,
        env=project.environment({"NO_PROXY": "127.0.0.1"}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def ingested_batches(project: Project) -> set[str]:
    completed = project.kedro("run", "--pipelines", "ingestion")
    assert completed.returncode == 0, completed.stderr
    return set(pd.read_parquet(project.data / "03_primary" / "measurements.parquet")["batch"])


def landing_files(project: Project) -> list[Path]:
    return sorted((project.data / "01_raw" / "landing").iterdir())


def test_collection_killed_during_the_transfer_leaves_the_landing_zone_alone(
    project: Project, source: ThreadingHTTPServer
) -> None:
    before = landing_files(project)
    process = collect(project, source, "-m", "kedro")
    assert source.half_served.wait(60)

    process.send_signal(signal.SIGKILL)

    assert process.wait() == -signal.SIGKILL
    assert landing_files(project) == before


def test_batch_of_a_collection_killed_inside_the_write_is_not_ingested_until_it_is_collected_again(
    project: Project, source: ThreadingHTTPServer
) -> None:
    source.released.set()
    before = landing_files(project)

    assert collect(project, source, "-c", KILL_INSIDE_WRITE).wait(120) == -signal.SIGKILL

    (unfinished,) = set(landing_files(project)) - set(before)
    assert unfinished.name.endswith(".partial")
    assert ingested_batches(project) == {"uci_abalone"}
    assert collect(project, source, "-m", "kedro").wait(120) == 0
    assert ingested_batches(project) == {"uci_abalone", "survey"}
