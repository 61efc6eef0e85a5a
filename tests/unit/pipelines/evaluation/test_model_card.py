import copy
import io
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from matplotlib.figure import Figure

from abalone.model.artifact import Artifact
from abalone.pipelines.evaluation.gate import decide
from abalone.pipelines.evaluation.model_card import escape, estimate, render_markdown
from abalone.pipelines.evaluation.model_card_html import render_html
from abalone.pipelines.evaluation.pipeline import FIGURES

VOID = {"meta", "img", "br", "hr", "link", "input"}
ATTACK = "<script>alert(1)</script> | [link](javascript:alert(1)) ![x](http://evil.example/x.png) `code` *a*\n# Heading"


class Page(HTMLParser):
    """What a browser would find: elements with their attributes, text, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def report():
    return {
        "rows_in": 4177,
        "accepted": 4169,
        "quarantined": 7,
        "duplicates": 1,
        "batches": {"uci_abalone": {}},
        "refused_batches": {},
        "reasons": {"shucked_within_whole is broken": 4, "height is not above 0": 2},
        "flags": {"parts_within_whole": 37},
    }


@pytest.fixture
def card(model, comparison, cross_validated, parameters, report):
    def write(**changes):
        arguments = {
            "model": model,
            "comparison": comparison,
            "gate": decide(comparison, 0.9, parameters["gate"]),
            "cross_validation": cross_validated[0],
            "ingestion_report": report,
        }
        return render_markdown(**(arguments | changes))

    return write


@pytest.fixture(scope="module")
def pictures():
    buffer = io.BytesIO()
    Figure(figsize=(1, 1)).savefig(buffer, format="png")
    return dict.fromkeys(FIGURES, buffer.getvalue())


def test_card_shows_every_figure_by_its_path_beside_the_card(card):
    markdown = card()

    for name in FIGURES:
        assert f"](figures/{name}.png)" in markdown


def test_card_gives_the_figures_with_their_confidence(card, comparison):
    markdown = card()

    for scores in (comparison["model"], *comparison["baselines"].values()):
        for metric in ("rmse", "mae", "r2"):
            assert estimate(scores["overall"][metric]) in markdown
    for strata in ("by_sex", "by_age_band"):
        for stratum in comparison["model"][strata].values():
            assert f"| {stratum['rows']} | {estimate(stratum['rmse'])} |" in markdown


def test_card_puts_both_protocols_side_by_side(card, cross_validated):
    rows = cross_validated[0].set_index(["candidate", "protocol"])
    random, new_site = rows.loc["kernel", "random"], rows.loc["kernel", "new_site"]

    markdown = card()

    assert (
        f"| kernel (this model) | {random['rmse']:.2f} ± {random['rmse_standard_error']:.2f} "
        f"| {new_site['rmse']:.2f} ± {new_site['rmse_standard_error']:.2f} "
        f"| {random['mae']:.2f} | {new_site['mae']:.2f} |"
    ) in markdown
    assert f"expect an RMSE near {new_site['rmse']:.2f} rings rather than" in markdown


def test_card_names_data_licence_versions_and_quarantine(card, model):
    markdown = card()

    for text in (
        "CC BY 4.0",
        "10.24432/C55C7W",
        "Nash, W.",
        "plus 1.5",
        "4177 rows came in",
        "| height is not above 0 | 2 |",
        "| parts within whole | 37 |",
        model.digest,
        model.version,
        model.metadata["libraries"]["onnxruntime"],
    ):
        assert text in markdown


def test_card_says_what_the_gate_decided(card, parameters, comparison):
    gate = decide(comparison, 0.9, parameters["gate"])
    refused = {**gate, "passed": False}

    assert ("**Promoted.**" in card(gate=gate)) == gate["passed"]
    assert "**Not promoted.**" in card(gate=refused)
    for check in gate["checks"]:
        assert check["detail"] in card(gate=gate)


def test_card_shows_the_champion_where_there_is_one(card, comparison):
    assert "champion before it" not in card()
    assert "| champion before it |" in card(comparison={**comparison, "champion": comparison["model"]})


def test_card_says_when_the_champion_is_scored_on_fewer_animals(card, comparison):
    fewer = copy.deepcopy(comparison["model"])
    fewer["overall"]["rows"] -= 100

    markdown = card(comparison={**comparison, "champion": fewer})

    assert f"it is scored on the {fewer['overall']['rows']} of these animals" in markdown
    assert "All of them predicted the same animals" not in markdown
    assert "All of them predicted the same animals" in card(comparison={**comparison, "champion": comparison["model"]})


@pytest.mark.parametrize(
    ("level", "words"), [(0.9, "90 times in 100"), (0.95, "95 times in 100"), (0.995, "99.5 times")]
)
def test_card_words_the_level_of_the_intervals(card, model, level, words):
    metadata = {**model.metadata, "intervals": {**model.metadata["intervals"], "level": level}}

    assert f"true count {words}" in card(model=Artifact(model.onnx, model.skops, metadata))


@pytest.mark.parametrize("dirty", [True, False, None])
def test_card_says_whether_the_code_was_committed(card, model, dirty):
    metadata = {**model.metadata, "code": {"version": "1.0", "git_commit": "abc", "git_dirty": dirty}}

    markdown = card(model=Artifact(model.onnx, model.skops, metadata))

    assert ("commit abc with changes that are not committed" in markdown) == bool(dirty)


def test_stratum_without_figures_says_why(card, comparison):
    changed = copy.deepcopy(comparison)
    infants = changed["model"]["by_sex"]["I"]
    infants.update({name: None for name in infants if name != "rows"}, rows=7)

    assert "| infant | 7 | too few animals | too few animals |" in card(comparison=changed)


def test_card_without_quarantine_has_no_empty_table(card, report):
    markdown = card(ingestion_report={**report, "reasons": {}, "flags": {}})

    assert "Reason for quarantine" not in markdown
    assert "Rule that an accepted row breaks" not in markdown


def test_tables_of_the_card_are_whole(card, pictures):
    lines = card().splitlines()

    for above, line in pairwise(lines):
        if above.startswith("|") and line.startswith("|"):
            assert above.count("|") == line.count("|"), line
    page = Page(render_html(card(), **pictures))
    assert "|" not in page.text


def test_page_stands_alone(card, pictures):
    html = render_html(card(), **pictures)
    page = Page(html)

    assert len(html.encode()) < 1_000_000
    assert not {"script", "link", "iframe", "object", "embed", "form"} & {tag for tag, _ in page.elements}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert attributes.get("src", "data:image/png;base64,").startswith("data:image/png;base64,"), tag
    assert "url(" not in html
    assert "@import" not in html


def test_page_shows_every_figure(card, pictures):
    images = Page(render_html(card(), **pictures)).all("img")

    assert len(images) == len(FIGURES)
    assert all(len(image["src"]) > 100 for image in images)


def test_page_is_accessible(card, pictures):
    html = render_html(card(), **pictures)
    page = Page(html)

    assert page.open == []
    assert page.all("html") == [{"lang": "en"}]
    assert all(len(image["alt"]) > 20 for image in page.all("img"))
    assert all(head["scope"] == "col" for head in page.all("th"))
    assert '<th scope="col"></th>' not in html
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(following - level <= 1 for level, following in pairwise(levels))


def test_page_has_the_title_of_the_card(card, pictures):
    html = render_html(card(), **pictures)

    assert "<title>Model card: the age of an abalone from its measurements</title>" in html


def test_what_comes_from_data_cannot_become_markup(card, pictures, report, model, cross_validated):
    table = cross_validated[0].replace({"candidate": {"linear": ATTACK}})
    poisoned = Artifact(model.onnx, model.skops, {**model.metadata, "libraries": {ATTACK: ATTACK}}, version=ATTACK)
    changed = {**report, "reasons": {ATTACK: 1}, "flags": {ATTACK: 1}}

    honest, page = (
        Page(render_html(markdown, **pictures))
        for markdown in (
            card(),
            card(cross_validation=table, model=poisoned, ingestion_report=changed),
        )
    )

    assert page.text.count("<script>alert(1)</script>") >= 5
    for tag in ("script", "img", "a", "code", "em", "h1"):
        assert len(page.all(tag)) == len(honest.all(tag)), tag


@pytest.mark.parametrize("text", ["a|b", "<b>", "*x*", "_x_", "`x`", "[x](y)", "&amp;", "\\", "~~x~~", "# x"])
def test_escaped_text_is_shown_as_it_is(text, pictures):
    page = Page(render_html(f"# Title\n\n| a |\n|---|\n| cell {escape(text)} |\n", **pictures))

    assert f"cell {text}" in page.text
    assert {tag for tag, _ in page.elements} & {"b", "em", "code", "a", "del"} == set()


def test_small_negative_number_is_written_without_its_sign():
    assert estimate({"value": -0.001, "lower": -0.012, "upper": 0.0}) == "0.00 (-0.01 to 0.00)"
