"""The model card as one HTML file that needs nothing beside it."""

import base64
from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup


def render_html(markdown: str, **figures: bytes) -> str:
    """Render the model card with its figures inside.

    Args:
        markdown: The card in Markdown.
        **figures: PNG of each figure, by its name.

    Returns:
        HTML without script or any external reference.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    tokens = parser.parse(markdown)
    _inline_figures(tokens, figures)
    title = next(token.content for token in tokens if token.type == "inline")
    environment = Environment(
        loader=PackageLoader("abalone.pipelines.evaluation"), autoescape=True, undefined=StrictUndefined
    )
    # The parser escapes all text and lets no HTML through, so its output is the only markup taken as it is.
    body = Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704
    return environment.get_template("model_card.html.j2").render(title=title, body=body)


def _inline_figures(tokens: Sequence[Token], figures: dict[str, bytes]) -> None:
    """Put each figure in the place of its path, and tell screen readers what the heads of columns are."""
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "image":
            name = str(token.attrs["src"]).removeprefix("figures/").removesuffix(".png")
            content = base64.b64encode(figures[name]).decode("ascii")
            token.attrSet("src", f"data:image/png;base64,{content}")
        _inline_figures(token.children or [], figures)


def _open_table(*_: object) -> str:
    """A wide table scrolls by itself, with the keyboard too, instead of widening the page."""
    return '<div class="table" role="region" aria-label="Table" tabindex="0">\n<table>\n'


def _close_table(*_: object) -> str:
    return "</table>\n</div>\n"
