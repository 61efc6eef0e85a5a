"""What the scripts that take pictures share: a server of their own, and the system's Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

REPOSITORY = Path(__file__).parents[1]
IMAGES = REPOSITORY / "docs" / "images"
START_SECONDS = 60


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium on PATH, headless; ends the program with a remedy when there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        sys.exit("Chromium is not on PATH; on Debian and Ubuntu: apt-get install chromium")
    # Chromium refuses its sandbox to root, which is who builds in a container.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-background-networking", *sandbox])
        yield browser
        browser.close()


@contextmanager
def serving(*module: str) -> Iterator[str]:
    """Run a server on a free port, and wait until it answers.

    Args:
        module: A module of Python with its arguments; `--port` is added.

    Yields:
        The address.

    Raises:
        TimeoutError: It did not answer within `START_SECONDS`.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    # Some serve from a child process: a process group of its own can be ended whole.
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", *module, f"--port={port}"],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield _answering(f"http://127.0.0.1:{port}/")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _answering(address: str) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=1).close()  # noqa: S310 - an address of ours
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return address
    raise TimeoutError(f"nothing answered at {address} within {START_SECONDS} s")
