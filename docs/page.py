"""Takes docs/images/page.png, page_dark.png, page_phone.png and monitoring.png in a headless Chromium.

The first three are the service's page, the last one is the report of docs/monitored.py. Needs a trained model
(`make run`), and Chromium on PATH (on Debian and Ubuntu: apt-get install chromium).
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitored import write_report
from pictures import IMAGES, REPOSITORY, chromium, serving
from PIL import Image
from playwright.sync_api import Browser, Page

DATA = REPOSITORY / "data"
CHAMPION = DATA / "06_models" / "champion.json"
SURVEY = DATA / "01_raw" / "landing" / "uci_abalone.csv"
FILE_ROWS = slice(1205, 1214)
"""Animals of the survey, one of them wider than it is long."""


@contextmanager
def visiting(browser: Browser, address: str, *, width: int, height: int, scheme: str, scale: int = 1) -> Iterator[Page]:
    """Open the page and wait for its first estimate.

    Args:
        browser: The browser.
        address: Where the page is.
        width: Of the window, in CSS pixels.
        height: Of the window, in CSS pixels.
        scheme: "light" or "dark".
        scale: Pixels of the picture in a CSS pixel.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        device_scale_factor=scale,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    page.locator("#readout[data-state=known]").wait_for()
    page.locator("[data-counter=median]", has_text="ms").wait_for()
    yield page
    context.close()


def give_file(page: Page) -> None:
    """Have a few animals of the survey predicted."""
    header, *rows = SURVEY.read_text(encoding="utf-8").splitlines()
    text = "\n".join([header, *rows[FILE_ROWS]])
    page.set_input_files("#csv-file", {"name": "survey.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.locator("#file-result").wait_for()


def take(page: Page, name: str) -> None:
    """Take a picture.

    Args:
        page: The page.
        name: Name of the picture.
    """
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as image:
        image.convert("RGB").save(path, optimize=True)
    print(path.relative_to(REPOSITORY))  # noqa: T201


def take_report(browser: Browser) -> None:
    """Take a picture of the monitoring report, down to the figure of the measurements."""
    page = browser.new_page(viewport={"width": 1000, "height": 900}, color_scheme="light")
    with tempfile.TemporaryDirectory() as folder:
        page.goto(write_report(DATA, Path(folder)).as_uri())
    figure = page.locator("img").first.bounding_box()
    if figure is not None:  # a window without animals has none
        page.set_viewport_size({"width": 1000, "height": int(figure["y"] + figure["height"] + 24)})
    take(page, "monitoring")


def main() -> None:
    """Take the pictures."""
    if not CHAMPION.exists():
        sys.exit(f"{CHAMPION.relative_to(REPOSITORY)} is missing: train a model with `make run`")
    with chromium() as browser, serving("abalone.serving", f"--model={CHAMPION}") as address:
        with visiting(browser, address, width=1280, height=920, scheme="light") as page:
            take(page, "page")
        with visiting(browser, address, width=1280, height=1120, scheme="dark") as page:
            give_file(page)
            page.get_by_role("link", name="A file").click()
            take(page, "page_dark")
        with visiting(browser, address, width=360, height=740, scheme="light", scale=2) as page:
            take(page, "page_phone")
        take_report(browser)


if __name__ == "__main__":
    main()
