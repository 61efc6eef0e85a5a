"""Locust as a process, which writes what it counts to files."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from abalone.errors import AbaloneError
from benchmarks.serving.processes import HOST
from benchmarks.serving.progress import say
from benchmarks.serving.rows import REPOSITORY

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
PAGE_PORT = 8089
STOP_SECONDS = 10


@dataclass(frozen=True)
class Load:
    """How many ask, and how often.

    Attributes:
        users: At most, all at a time.
        ramp_seconds: Until all have come.
        seconds: How long the test runs, the ramp included.
        pace_seconds: From a request of a user to its next one.
    """

    users: int
    ramp_seconds: float
    seconds: float
    pace_seconds: float


@contextmanager
def locust_running(
    load: Load, target: Sequence[str], results: Path, *, page: bool
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a load test until it is over, and Locust at most until the block ends.

    Args:
        load: How much.
        target: Options that say what is asked, and the class of the users that ask it.
        results: The file that the counts are written to.
        page: Whether the test is shown in the browser; Locust then stays until Ctrl-C.

    Yields:
        Locust's process.

    Raises:
        AbaloneError: Locust failed.
    """
    watched = ["--web-host", HOST, "--web-port", f"{PAGE_PORT}", "--autostart"] if page else ["--headless"]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "locust", "--locustfile", LOCUSTFILE, "--loglevel", "WARNING"),
            *("--users", f"{load.users}", "--spawn-rate", f"{load.users / load.ramp_seconds:g}"),
            *("--run-time", f"{load.seconds:g}s", "--stop-timeout", f"{STOP_SECONDS}"),
            *("--pace-seconds", f"{load.pace_seconds:g}", "--results", results, "--exit-code-on-error", "0"),
            *watched,
            *target,
        ],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
    )
    # Ctrl-C is for Locust, which then ends the test in good order.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    if page:
        say(f"http://{HOST}:{PAGE_PORT} shows the test; Ctrl-C ends it")
    try:
        yield process
    finally:
        signal.signal(signal.SIGINT, before)
        if process.poll() is None:
            process.terminate()
        process.wait()
    if process.returncode:
        raise AbaloneError(f"Locust exited with {process.returncode}: see what it printed")
