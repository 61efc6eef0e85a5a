"""The page of the service: one animal, the model, and what everybody needs to use it."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FileChooser, Page, Route, expect

from abalone.schema import MEASUREMENT_NAMES, NUMBERS
from support.page import ANIMAL, MEASURED, Visit, fill, visiting
from support.service import RunningService, running_service

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
LEAST_CONTRAST = 4.5  # WCAG 2, level AA

SCHEMES = ("light", "dark")

WAIT_SECONDS = 30

TICKS = "texts => texts.map(t => [t.textContent, t.getBoundingClientRect().x + t.getBoundingClientRect().width / 2])"

LATE = {"rings": 97.5, "lower_rings": 97.0, "upper_rings": 98.0, "age_years": 99.0, "warnings": []}


def wait_until(page: Page, happened: Callable[[], bool]) -> None:
    """Let the page go on until something has happened on this side."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        page.wait_for_timeout(10)


def test_form_has_a_field_for_every_measurement(page: Page) -> None:
    fields = page.locator("#animal-form [data-column]").evaluate_all("fields => fields.map(f => f.dataset.column)")

    assert fields == list(MEASUREMENT_NAMES)


def test_form_gives_the_same_numbers_as_a_direct_request(page: Page, service: RunningService) -> None:
    with service.client() as client:
        (expected,) = client.post("/invocations", json=[ANIMAL]).json()["predictions"]

    fill(page, MEASURED)

    expect(page.locator("#age")).to_have_text(f"{expected['age_years']:.1f}")
    low, high = expected["lower_rings"], expected["upper_rings"]
    expect(page.locator("#interval")).to_have_text(f"{low + 1.5:.1f} to {high + 1.5:.1f} years")
    expect(page.locator("#rings")).to_have_text(f"{expected['rings']:.1f} rings ({low:.1f} to {high:.1f})")
    expect(page.locator("#announcement")).to_contain_text(f"Estimated age {expected['age_years']:.1f} years")


def test_estimate_is_drawn_at_its_age_among_those_of_the_known_animals(page: Page, service: RunningService) -> None:
    with service.client() as client:
        (expected,) = client.post("/invocations", json=[ANIMAL]).json()["predictions"]
        known = client.get("/model").json()["rings"]

    fill(page, MEASURED)

    expect(page.locator("#age")).to_have_text(f"{expected['age_years']:.1f}")
    ticks = dict(page.locator("#scale text[text-anchor=middle]").evaluate_all(TICKS))
    pixels_a_year = (ticks["30"] - ticks["0"]) / 30
    drawn = {part: page.locator(f"#scale {part}").bounding_box() for part in (".interval", "circle.point")}
    low, high = (expected[bound] + 1.5 for bound in ("lower_rings", "upper_rings"))
    assert drawn[".interval"]["x"] == pytest.approx(ticks["0"] + low * pixels_a_year, abs=1)
    assert drawn[".interval"]["width"] == pytest.approx((high - low) * pixels_a_year, abs=1)
    middle = drawn["circle.point"]["x"] + drawn["circle.point"]["width"] / 2
    assert middle == pytest.approx(ticks["0"] + expected["age_years"] * pixels_a_year, abs=1)

    # A count of 9 is anything from 8.5 to 9.5 rings, and each bin holds its upper edge.
    edges = np.array([known["minimum"] - 1, *known["inner_edges"], known["maximum"]]) + 0.5
    younger = np.interp(expected["rings"], edges, [0, *np.cumsum(known["shares"])])
    expect(page.locator("#place")).to_have_text(f"Older than {100 * younger:.0f} % of the known animals.")


def test_limits_and_ranges_are_those_of_the_model_in_mm_and_g(page: Page) -> None:
    length = NUMBERS[0]

    expect(page.locator("#length-hint")).to_contain_text("known 15 to 163 mm")
    page.locator("#length").fill("999")
    expect(page.locator("#length-error")).to_contain_text(f"at most {length.maximum * 200:g} mm")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("260", "The length must be at most 250 mm: 260 is more than any abalone has."),
        ("0", "The length must be above 0 mm."),
        ("", "Give the length as a number, in mm."),
        ("57..3", "57..3 is not a number: give the length in mm."),
        ("1,000,5", "1,000,5 is not a number: give the length in mm."),
        ("0x64", "0x64 is not a number: give the length in mm."),
    ],
)
def test_value_out_of_its_limits_is_told_at_its_field_and_announced(page: Page, value: str, message: str) -> None:
    page.locator("#length").fill(value)

    expect(page.locator("#length-error")).to_have_text(message)
    expect(page.locator("#length")).to_have_attribute("aria-invalid", "true")
    assert "length-error" in (page.locator("#length").get_attribute("aria-describedby") or "").split()
    expect(page.locator("#announcement")).to_have_text(f"No estimate. {message}")
    expect(page.locator("#readout")).to_have_attribute("data-state", "unknown")


def test_decimal_comma_is_a_decimal_point(page: Page) -> None:
    fill(page, {"length": "105.5", "height": "30.5"})
    expect(page.locator("#announcement")).to_contain_text("Estimated age")
    with page.expect_request("**/invocations*") as with_point:
        fill(page, {"shell_weight": "40.5"})
    with page.expect_request("**/invocations*") as with_comma:
        fill(page, {"length": "105,5", "height": " 30,5 ", "shell_weight": "40,5"})

    assert with_comma.value.post_data_json == with_point.value.post_data_json
    assert page.locator("[data-column=shell_weight] .slider").input_value() == "40.5"
    expect(page.locator("#readout")).to_have_attribute("data-state", "known")


def test_relation_that_only_the_service_knows_is_told_at_its_field_in_mm(page: Page) -> None:
    fill(page, {"diameter": 70, "height": 80})

    expect(page.locator("#height-error")).to_have_text("Height 80 mm is not below diameter 70 mm.")
    expect(page.locator("#height")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#announcement")).to_contain_text("Height 80 mm is not below diameter 70 mm.")

    fill(page, {"height": 25})

    expect(page.locator("#height-error")).to_be_hidden()
    expect(page.locator("#readout")).to_have_attribute("data-state", "known")


def test_value_beyond_the_training_data_is_warned_about(page: Page) -> None:
    fill(page, {"length": 180})

    expect(page.locator("#warnings")).to_have_text("Length 180 mm is above 163 mm, the largest in the training data.")
    expect(page.locator("#announcement")).to_contain_text("the largest in the training data")
    expect(page.locator("#readout")).to_have_attribute("data-state", "known")


def test_parts_heavier_than_the_whole_are_warned_about_at_the_whole_weight_in_g(page: Page) -> None:
    fill(page, {"whole_weight": 110, "shucked_weight": 60, "viscera_weight": 30, "shell_weight": 40})

    expect(page.locator("#warnings")).to_have_text(
        "Shucked weight + viscera weight + shell weight 130 g is above whole weight 110 g."
    )
    expect(page.locator(".unusual")).to_have_attribute("data-column", "whole_weight")


def test_slider_and_field_follow_each_other(page: Page) -> None:
    slider = page.locator("[data-column=length] .slider")

    page.locator("#length").fill("120")
    assert slider.input_value() == "120"
    slider.evaluate("slider => { slider.value = 80; slider.dispatchEvent(new Event('input', { bubbles: true })); }")
    assert page.locator("#length").input_value() == "80"


def test_late_answer_does_not_replace_a_newer_one(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/invocations*", hold)
    for count, length in enumerate(("100", "120"), 1):
        page.locator("#length").fill(length)
        wait_until(page, lambda count=count: len(held) == count)
    older, newer = held

    newer.continue_()
    expect(page.locator("#announcement")).to_contain_text("Estimated age")
    older.fulfill(json={"predictions": [LATE]})

    # Whatever came for the older request has been handled before a newer one is answered.
    page.evaluate("() => fetch('/ping')")
    expect(page.locator("#age")).not_to_have_text("99.0")


def test_form_is_kept_while_the_service_cannot_be_reached_and_goes_on_by_itself(page: Page) -> None:
    page.context.set_offline(True)
    fill(page, {"length": 111})

    expect(page.locator("#problem")).to_contain_text("The service cannot be reached. Your values are kept")
    expect(page.locator("#readout")).to_have_attribute("data-state", "unknown")

    page.context.set_offline(False)

    expect(page.locator("#readout")).to_have_attribute("data-state", "known")
    assert page.locator("#length").input_value() == "111"


def test_model_card_and_counters_are_those_of_the_service(page: Page, service: RunningService) -> None:
    with service.client() as client:
        model = client.get("/model").json()

    card = page.locator("#model")
    expect(card.locator("[data-model=animals]")).to_have_text(f"{model['training_data']['rows']:,} animals")
    expect(card.locator("[data-metric='random.rmse']")).to_have_text(f"{model['metrics']['random']['rmse']:.2f}")
    expect(card.locator("[data-metric='new_site.mae']")).to_have_text(f"{model['metrics']['new_site']['mae']:.2f}")
    expect(card.locator("[data-model=version]")).to_have_text(model["version"])
    page.reload()
    expect(card.locator("[data-counter=predicted]")).to_have_text(re.compile(r"^[1-9]"))
    expect(card.locator("[data-counter=median]")).to_have_text(re.compile(r"^[\d.]+ ms$"))


def test_page_is_used_by_keyboard_alone(page: Page) -> None:
    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    choosers: list[FileChooser] = []

    def note(chooser: FileChooser) -> None:
        choosers.append(chooser)

    page.on("filechooser", note)  # long before, as the browser learns of it in its own time
    page.reload()
    press("Tab", "Enter", "Tab")  # past the navigation
    expect(page.get_by_role("button", name="Reset")).to_be_focused()
    press("Tab", "ArrowRight")
    expect(page.get_by_role("radio", name="Infant")).to_be_checked()
    for name, value in MEASURED.items():
        if name != "sex":
            press("Tab", "Control+a")
            page.keyboard.type(str(value))
            expect(page.locator(f"#{name}")).to_be_focused()
    expect(page.locator("#announcement")).to_contain_text("Estimated age")

    press("Tab", "Tab", "Tab")
    expect(page.locator("#csv-file")).to_be_focused()
    press("Enter")
    wait_until(page, lambda: len(choosers) == 1)


def test_key_is_asked_for_once_and_kept_in_the_tab(artifact_directory: Path, browser: Browser) -> None:
    with (
        running_service(model=artifact_directory, api_key="right-key") as service,
        visiting(browser, service.url) as visit,
    ):
        page = visit.page
        expect(page.locator("#api-key")).to_be_focused()
        page.keyboard.type("ключ")
        page.keyboard.press("Enter")
        expect(page.locator("#access-error")).to_contain_text("letters, digits and signs of ASCII only")
        page.locator("#api-key").fill("wrong-key")
        page.keyboard.press("Enter")
        expect(page.locator("#access-error")).to_have_text("The service does not accept this key.")
        page.locator("#api-key").fill("right-key")
        page.keyboard.press("Enter")

        expect(page.locator("#readout")).to_have_attribute("data-state", "known")
        expect(page.locator("#access")).to_be_hidden()
        page.reload()
        expect(page.locator("#readout")).to_have_attribute("data-state", "known")
        assert page.evaluate("() => [localStorage.length, document.cookie]") == [0, ""]


@pytest.fixture
def busy_page(page: Page) -> Page:
    """The page with everything on it: a warning, and a table with a warning and an error."""
    fill(page, {"length": 180})
    expect(page.locator("#warnings")).to_be_visible()
    good = [*map(str, ANIMAL.values())]
    odd, bad = good.copy(), good.copy()
    odd[1], bad[1] = "0.9", "?" * 60
    lines = "\n".join(",".join(cells) for cells in (ANIMAL, good, odd, bad))
    page.set_input_files("#csv-file", {"name": "n" * 60, "mimeType": "text/csv", "buffer": lines.encode()})
    expect(page.locator("#file-rows tr")).to_have_count(3)
    return page


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_has_contrast(busy_page: Page, scheme: str) -> None:
    busy_page.emulate_media(color_scheme=scheme)
    with_warning = busy_page.evaluate(CONTRAST)
    busy_page.locator("#height").fill("999")
    expect(busy_page.locator("#height-error")).to_be_visible()
    with_error = busy_page.evaluate(CONTRAST)

    assert len(with_warning) > 100
    assert {text: contrast for text, contrast in [*with_warning, *with_error] if contrast < LEAST_CONTRAST} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_accessibility_checker_finds_nothing(busy_page: Page, scheme: str) -> None:
    busy_page.emulate_media(color_scheme=scheme)

    results = Axe().run(busy_page)

    assert results.violations_count == 0, results.generate_report()


def test_light_and_dark_differ(page: Page) -> None:
    def ground(scheme: str) -> str:
        page.emulate_media(color_scheme=scheme)
        return page.evaluate("() => getComputedStyle(document.body).backgroundColor")

    assert ground("light") != ground("dark")


def test_narrow_screen_scrolls_in_one_direction_only(busy_page: Page) -> None:
    busy_page.set_viewport_size({"width": 360, "height": 740})

    assert busy_page.evaluate("() => document.documentElement.scrollWidth") == 360


def test_estimate_stays_in_sight_while_a_form_on_a_phone_is_filled_in(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})

    page.locator("#diameter").scroll_into_view_if_needed()

    expect(page.locator("#age")).to_be_in_viewport()


def test_page_speaks_with_its_own_service_alone(page: Page, visit: Visit, service: RunningService) -> None:
    expect(page.locator("[data-counter=requests]")).to_have_text(re.compile(r"^\d"))

    assert {address.startswith((f"{service.url}/", "blob:")) for address in visit.addresses} == {True}
