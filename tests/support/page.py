"""The page of the service in a browser, and an animal as it is given to it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page

DESK = {"width": 1280, "height": 900}

ANIMAL = {
    "sex": "I",
    "length": 0.45,
    "diameter": 0.355,
    "height": 0.11,
    "whole_weight": 0.4585,
    "shucked_weight": 0.194,
    "viscera_weight": 0.067,
    "shell_weight": 0.14,
}
"""On the survey's scale."""

MEASURED = {name: value if name == "sex" else round(value * 200, 6) for name, value in ANIMAL.items()}
"""The same in mm and g."""


def fill(page: Page, values: Mapping[str, object]) -> None:
    """Fill in fields of the form, in mm and g."""
    for name, value in values.items():
        if name == "sex":
            page.locator(f"input[name=sex][value={value}]").check(force=True)
        else:
            page.locator(f"#{name}").fill(str(value))


@dataclass
class Visit:
    """What a page does beside what it shows.

    Attributes:
        page: The page.
        addresses: Of everything that it has asked for.
        faults: Errors of its scripts, and what its security policy has forbidden.
    """

    page: Page
    addresses: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@contextmanager
def visiting(browser: Browser, url: str) -> Iterator[Visit]:
    """Visit a service in a browser of no past; what the page does wrong on the way fails the test."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    page = context.new_page()
    visit = Visit(page)
    page.on("request", lambda request: visit.addresses.append(request.url))
    page.on("pageerror", lambda error: visit.faults.append(str(error)))
    page.on("console", lambda message: visit.faults.append(message.text) if "Security Policy" in message.text else None)
    page.goto(url)
    yield visit
    context.close()
    assert visit.faults == []
