"""The monitoring report, as people see it."""

import base64
import copy
import io
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from abalone.pipelines.monitoring.report import render_report
from support.reported import HISTORY, REPORT, longer_animals, model_reference, windows

MEGABYTE = 1_000_000


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def images(self) -> list[bytes]:
        sources = [attributes["src"] or "" for tag, attributes in self.tags if tag == "img"]
        return [base64.b64decode(source.removeprefix("data:image/png;base64,"), validate=True) for source in sources]


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    return model_reference()


@pytest.fixture(scope="module")
def served() -> pd.DataFrame:
    return longer_animals()


@pytest.fixture
def report() -> dict[str, Any]:
    return copy.deepcopy(REPORT)


@pytest.fixture(scope="module")
def html(served: pd.DataFrame, reference: dict[str, Any]) -> str:
    return render_report(REPORT, served, reference, HISTORY)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_decision_and_its_reasons_come_first_in_words(page: Page) -> None:
    text = page.text

    opening = text[: text.index("What was looked at")]
    assert "Retrain the model The predictions do not keep their promise any more." in opening
    assert (
        "The error is 2.51 rings on 200 labelled rows, 2.11 were promised: 1.19 times what their intervals say."
        in opening
    )


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ("ok", "All is well"),
        ("watch", "Keep an eye on it"),
        ("retrain", "Retrain the model"),
        ("alarm", "Somebody has to look"),
    ],
)
def test_every_decision_has_words_of_its_own(
    report: dict[str, Any], served: pd.DataFrame, reference: dict[str, Any], decision: str, words: str
) -> None:
    report["decision"] = decision

    page = Page(render_report(report, served.head(5), reference, windows({"to": "", "decision": decision})))

    assert ("section", {"class": f"decision {decision}", "aria-label": "Decision"}) in page.tags
    assert words in page.text[: page.text.index("What was looked at")]


def test_report_tells_what_was_read_and_what_was_left_out(page: Page) -> None:
    text = page.text

    assert "Window from 1 October 2026, 00:00 UTC to 8 October 2026, 00:00 UTC" in text
    assert "Animals with counted rings 200" in text
    assert "Requests that were captured twice (counted once): 10" in text
    assert "Counts that belong to no animal of the window: 20" in text
    assert "Lines that cannot be read" not in text


def test_report_is_one_small_file_that_asks_for_nothing_and_runs_nothing(html: str, page: Page) -> None:
    assert len(html.encode()) < MEGABYTE
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    assert not re.search(r"https?://|url\(|@import", html)
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.tags for name in attributes)


def test_figures_are_pictures_with_a_text_for_those_who_do_not_see_them(page: Page) -> None:
    sizes = [Image.open(io.BytesIO(image)).size for image in page.images]
    assert len(sizes) == 2
    assert all(width >= 800 for width, _ in sizes)
    assert all(len(attributes["alt"] or "") > 40 for tag, attributes in page.tags if tag == "img")


def test_changes_stand_above_the_tests_that_found_none(page: Page) -> None:
    text = page.text

    assert "length changed Larger than in training by 10.5 mm on average" in text
    assert "p below 0.001 (limit 0.01)" in text
    unchanged = text[text.index("2 tests that found no change") :]
    assert "shell weight / whole weight no As in training on average. p 0.400 (limit 0.01)" in unchanged
    assert "height, stuck at a value no Height: 30 mm in 6 of 600 rows. 0.01 (limit 0.2)" in unchanged


def test_text_from_outside_is_never_markup(
    report: dict[str, Any], served: pd.DataFrame, reference: dict[str, Any]
) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    report["reasons"] = report["health"]["findings"] = report["drift"]["findings"] = [hostile]
    report["model"]["version"] = report["site"]["detail"] = report["drift"]["tests"][0]["detail"] = hostile

    html = render_report(report, served.assign(sex=hostile), reference, HISTORY)

    assert "<script>" not in html
    assert "<img src=x" not in html
    assert html.count("&lt;script&gt;") == 5


def test_error_and_coverage_stand_beside_what_was_promised(page: Page) -> None:
    text = page.text

    assert "Error (RMSE), rings 2.51 (2.30 to 2.70) 2.11 The same" in text
    assert "1.19 (1.09 to 1.30) 1.00 worse than promised" in text
    assert "Counts inside their interval 87.0% (82.0% to 91.0%) 90.0% as promised" in text


def test_window_without_counted_rings_says_how_to_get_them(
    report: dict[str, Any], served: pd.DataFrame, reference: dict[str, Any]
) -> None:
    report |= {"performance": None, "decision": "watch"}

    page = Page(render_report(report, served, reference, windows({"to": "2026-10-08T00:00:00Z", "decision": "watch"})))

    assert "Too few rings were counted to tell" in page.text
    assert "POST /feedback" in page.text
    assert len(page.images) == 1


def test_window_without_rows_has_a_report_all_the_same(
    report: dict[str, Any], served: pd.DataFrame, reference: dict[str, Any]
) -> None:
    nothing = {"from": None, "to": None, "labels_from": None, "rows": 0, "is_latest": True}
    report |= {"performance": None, "decision": "watch", "window": nothing}
    report["drift"] = {"detected": False, "beyond_new_site": False, "tests": [], "findings": []}
    report["counts"] = dict.fromkeys(report["counts"], 0)

    page = Page(render_report(report, served.head(0), reference, windows({"to": "", "rows": 0, "decision": "watch"})))

    assert page.images == []
    assert "There are too few animals to tell." in page.text
    assert "Nothing that was captured had to be left out." in page.text
    assert "Does the service do its work? There is nothing to tell by." in page.text


def test_last_windows_stand_newest_first_and_old_ones_are_left_out(
    report: dict[str, Any], served: pd.DataFrame, reference: dict[str, Any]
) -> None:
    weeks = [{"to": f"2026-0{month}-{day:02}T00:00:00Z"} for month in (8, 9) for day in range(1, 29)]

    text = Page(render_report(report, served, reference, windows(*weeks))).text

    assert text.index("2026-09-28 00:00") < text.index("2026-09-27 00:00")
    assert "2026-09-16" not in text


def test_sizes_are_drawn_in_millimetres_whatever_strange_animal_there_is(
    report: dict[str, Any], served: pd.DataFrame, reference: dict[str, Any]
) -> None:
    strange = pd.concat([served, served.head(1).assign(whole_weight=9.9)])

    page = Page(render_report(report, strange, reference, HISTORY))

    picture = np.asarray(Image.open(io.BytesIO(page.images[0])).convert("L"))
    assert picture.std() > 10


def test_many_reasons_are_all_there_but_the_first_ones_alone_are_open(
    report: dict[str, Any], served: pd.DataFrame, reference: dict[str, Any]
) -> None:
    report["reasons"] = [f"reason {number}" for number in range(1, 8)]

    text = Page(render_report(report, served, reference, windows({"to": ""}))).text

    assert "Reason 4. 3 more reasons Reason 5. Reason 6. Reason 7." in text


def test_extent_of_the_change_is_said_once(page: Page) -> None:
    assert "No. The change is more than a new site explains, most in length." in page.text
    assert page.text.count("Larger than in training by 10.5 mm") == 1


def test_report_of_the_past_says_so_in_its_head(
    report: dict[str, Any], served: pd.DataFrame, reference: dict[str, Any]
) -> None:
    latest = Page(render_report(report, served, reference, HISTORY)).text
    report["window"]["is_latest"] = False

    past = Page(render_report(report, served, reference, HISTORY)).text

    assert "This is about the past , until 8 October 2026, 00:00 UTC" in past[: past.index("What was looked at")]
    assert "about the past" not in latest


def test_report_says_since_when_rings_have_been_counted(page: Page) -> None:
    assert "those count that were told since 10 July 2026, 00:00 UTC" in page.text
