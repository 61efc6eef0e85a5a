"""Draws docs/images/lineage.png: kedro-viz's own picture of the default pipeline, exported by a headless Chromium.

Needs Chromium on PATH (on Debian and Ubuntu: apt-get install chromium).
"""

from pathlib import Path

from pictures import IMAGES, REPOSITORY, chromium, serving
from PIL import Image, ImageOps
from playwright.sync_api import Browser

PICTURE = IMAGES / "lineage.png"
SETTLE_MILLISECONDS = 4000
MARGIN = 16


def export_picture(browser: Browser, address: str) -> None:
    """Have kedro-viz export the flowchart, and keep it.

    Args:
        browser: The browser.
        address: Where kedro-viz is served.
    """
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
    with chromium() as browser, serving("kedro", "viz", "run", "--no-browser", "--host=127.0.0.1") as address:
        export_picture(browser, address)
    print(PICTURE.relative_to(REPOSITORY))  # noqa: T201


if __name__ == "__main__":
    main()
