"""The page /monitor, with a report as the pipeline renders it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from abalone.pipelines.monitoring.report import render_report
from support.page import visiting
from support.reported import HISTORY, REPORT, longer_animals, model_reference
from support.service import RunningService, running_service

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def service(artifact_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    report = tmp_path_factory.mktemp("reports") / "monitoring.html"
    report.write_text(render_report(REPORT, longer_animals(), model_reference(), HISTORY), encoding="utf-8")
    with running_service(artifact_directory, monitoring=report) as running:
        yield running


@pytest.fixture(scope="module")
def service_without_report(artifact_directory: Path) -> Iterator[RunningService]:
    with running_service(artifact_directory) as running:
        yield running


def test_report_is_a_click_away_and_shows_its_figures_and_colours(browser: Browser, service: RunningService) -> None:
    with visiting(browser, service.url) as visit:
        visit.page.get_by_role("link", name="Monitoring").click()

        expect(visit.page.get_by_role("heading", level=1)).to_have_text("Is the model still right?")
        widths = visit.page.locator("img").evaluate_all("images => images.map(image => image.naturalWidth)")
        colour = visit.page.locator(".word").evaluate("word => getComputedStyle(word).backgroundColor")

    assert len(widths) == 2
    assert all(width > 500 for width in widths)
    assert colour == "rgb(0, 114, 178)"
    assert {address.split("/")[2] for address in visit.addresses if address.startswith("http")} == {service.url[7:]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_report_breaks_no_rule_of_accessibility(browser: Browser, service: RunningService, scheme: str) -> None:
    # A report may run no script, that of the rules neither.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{service.url}/monitor")
    page.get_by_text("tests that found no change").click()

    results = Axe().run(page)

    context.close()
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("kind", ["report", "no report"])
def test_page_fits_a_phone(
    browser: Browser, service: RunningService, service_without_report: RunningService, kind: str
) -> None:
    address = (service if kind == "report" else service_without_report).url
    with visiting(browser, f"{address}/monitor") as visit:
        visit.page.set_viewport_size(PHONE)

        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_page_without_a_report_leads_back_to_the_estimates(
    browser: Browser, service_without_report: RunningService
) -> None:
    with visiting(browser, f"{service_without_report.url}/monitor") as visit:
        expect(visit.page.get_by_role("heading", level=1)).to_have_text("No monitoring report to show")
        visit.page.get_by_role("link", name="Back to the estimates").click()

        expect(visit.page.locator("#readout")).to_have_attribute("data-state", "known")
