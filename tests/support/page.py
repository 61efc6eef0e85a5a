"""An animal as it is given to the page."""

from collections.abc import Mapping

from playwright.sync_api import Page

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
