"""Draws docs/images/lineage.png: kedro-viz's own picture of the default pipeline, exported by a headless Chromium.

Needs Chromium on PATH (on Debian and Ubuntu: apt-get install chromium).
"""

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

from PIL import Image, ImageOps
from playwright.sync_api import sync_playwright

REPOSITORY = Path(__file__).parents[1]
PICTURE = REPOSITORY / "docs" / "images" / "lineage.png"
START_SECONDS = 60
SETTLE_MILLISECONDS = 4000
MARGIN = 16


@contextmanager
def kedro_viz() -> Iterator[str]:
    """Serve kedro-viz on a free port; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "kedro", "viz", "run", "--no-browser", "--host=127.0.0.1", f"--port={port}"]
    # kedro-viz serves from a child process: a process group of its own can be ended whole.
    process = subprocess.Popen(  # noqa: S603
        command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield wait_for(f"http://127.0.0.1:{port}/")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def wait_for(address: str) -> str:
    """Wait until a server answers.

    Args:
        address: Its address.

    Returns:
        The address.

    Raises:
        TimeoutError: It did not answer within `START_SECONDS`.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=1).close()  # noqa: S310 - an address of ours
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return address
    raise TimeoutError(f"kedro-viz did not answer at {address} within {START_SECONDS} s: try `make viz`")


def export_picture(address: str, chromium: str) -> None:
    """Have kedro-viz export the flowchart, and keep it.

    Args:
        address: Where kedro-viz is served.
        chromium: Path of the browser.
    """
    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, which is who builds in a container.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--disable-background-networking", *sandbox]
        )
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        page.goto(address)

        def press(button: str) -> None:
            # An event, because a pointer would meet the banners that lie on top.
            page.locator(f"[data-test^={button}]").dispatch_event("click")

        press("global-toolbar-theme-btn")  # from dark to light, as pages are
        press("sidebar-flowchart-layers-btn")  # without layers, which spread it out
        page.wait_for_timeout(SETTLE_MILLISECONDS)
        press("sidebar-flowchart-export-btn")
        with page.expect_download() as download:
            press("export-modal-download-png-btn")
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        download.value.save_as(PICTURE)
        crop(PICTURE)
        browser.close()


def crop(picture: Path) -> None:
    """Put a picture on white, and cut its empty margins off but for a few pixels.

    Args:
        picture: The file to change.
    """
    with Image.open(picture) as image:
        drawn = Image.new("RGB", image.size, "white")
        drawn.paste(image, mask=image.convert("RGBA").getchannel("A"))
    left, top, right, bottom = ImageOps.invert(drawn).getbbox() or (0, 0, *drawn.size)
    drawn.crop((left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)).save(picture, optimize=True)


def main() -> None:
    """Draw the picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not on PATH; on Debian and Ubuntu: apt-get install chromium")
    with kedro_viz() as address:
        export_picture(address, chromium)
    print(PICTURE.relative_to(REPOSITORY))  # noqa: T201


if __name__ == "__main__":
    main()
