"""A real browser, and the real service in a process of its own."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from support.page import DESK, Visit, visiting
from support.service import RunningService, running_service
from support.tools import give_up

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def service(artifact_directory: Path) -> Iterator[RunningService]:
    with running_service(model=artifact_directory) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        give_up("Chromium is not on PATH; on Debian and Ubuntu: apt-get install chromium")
    # Chromium refuses its sandbox to root, which is who tests in a container.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--disable-background-networking", *sandbox]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visit(browser: Browser, service: RunningService) -> Iterator[Visit]:
    with visiting(browser, service.url) as visit:
        expect(visit.page.locator("#readout")).to_have_attribute("data-state", "known")
        yield visit


@pytest.fixture
def page(visit: Visit) -> Page:
    """The page, with the estimate for the animal that it starts with."""
    page = visit.page
    page.unroute_all()
    page.context.set_offline(False)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    # As loading it anew takes a second, its forms are set back instead, and the one field beside them.
    page.evaluate("() => { document.getElementById('file-remarkable').checked = false }")
    with page.expect_response("**/invocations*"):
        page.evaluate("() => [...document.forms].forEach((form) => form.reset())")
    expect(page.locator("#readout")).to_have_attribute("data-state", "known")
    return page
