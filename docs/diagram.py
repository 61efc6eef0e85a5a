"""Draws docs/images/pipeline.png, the delivery path, from the Terraform code and the registry of pipelines.

Every module, and every action of the delivery pipeline, has a place in the picture, and nothing else has one: otherwise
nothing is drawn. What was drawn is kept in the picture as its description. Needs Graphviz (on Debian and Ubuntu:
apt-get install graphviz).
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import infrastructure
from diagram_places import ARROWS, FRAMES, PLACES, Arrow, Frame, Place
from diagrams import Diagram, Edge, Node
from PIL import Image
from PIL.PngImagePlugin import PngInfo

PICTURE = infrastructure.REPOSITORY / "docs" / "images" / "pipeline.png"
COLUMN_INCHES, ROW_INCHES, FRAME_GAP_INCHES = 2.15, 2.1, 0.2
ICON_INCHES, TEXT_INCHES, LABEL_INCHES = 0.8, 0.45, 0.7
COLOURS = 256

DELIVERY = {"color": "#1f6feb", "fontcolor": "#1f6feb", "penwidth": "3"}
OTHER = {"color": "#5a6b7b", "fontcolor": "#5a6b7b", "penwidth": "1.6"}
FONT = {"fontname": "Helvetica", "fontsize": "14", "fontcolor": "#24292f"}
LABEL = {"fontname": "Helvetica", "fontsize": "12"}
TITLE = {"fontname": "Helvetica-Bold", "fontsize": "15", "fontcolor": "#24292f"}
FRAME = {"shape": "box", "style": "rounded,filled", "fillcolor": "#f6f8fa", "color": "#d0d7de"}
GRAPH = {"layout": "neato", "dpi": "110", "pad": "0.1", "splines": "line", "outputorder": "nodesfirst"}


def description() -> dict[str, list[str] | dict[str, str]]:
    """Return what the code says is to be drawn."""
    return {
        "actions": infrastructure.actions(),
        "modules": sorted(infrastructure.modules()),
        "pipelines": infrastructure.pipelines(),
        "stages": infrastructure.stages(),
    }


def check_places() -> None:
    """End the program when the code has what has no place, or a place has what the code has not."""
    _compare("module", infrastructure.modules(), (name for place in PLACES for name in place.modules))
    _compare("action", set(infrastructure.actions()), (name for place in PLACES for name in place.actions))


def _compare(kind: str, coded: set[str], placed: Iterable[str]) -> None:
    if odd := sorted(coded ^ set(placed)):
        sys.exit(f"docs/diagram_places.py: {kind} {', '.join(odd)} stands there or in the code, but not in both")


def draw_frame(frame: Frame) -> None:
    """Draw a titled frame behind the cells from one corner to the other."""
    (left, top), (right, bottom) = frame.first, frame.last
    column, width = (left + right) / 2, (right - left + 1) * COLUMN_INCHES - FRAME_GAP_INCHES
    height = (bottom - top + 1) * ROW_INCHES - FRAME_GAP_INCHES
    size = {"width": f"{width:.3f}", "height": f"{height:.3f}", "fixedsize": "true"}
    Node("", pos=_position(column, (top + bottom) / 2, up=0.16), image="", **size, **FRAME)
    Node(frame.title, pos=_position(column, top, up=0.9), shape="plaintext", labelloc="c", height="0.3", **TITLE)


def draw_place(place: Place) -> tuple[Node, Node]:
    """Draw an icon and the text below it.

    Returns:
        The icon and the text.
    """
    size = {"width": str(ICON_INCHES), "height": str(ICON_INCHES), "fixedsize": "true", "imagescale": "true"}
    icon = place.icon("", pos=_position(*place.cell, up=0.2), **size)
    text = Node(
        f"{place.title}\n{place.service}",
        pos=_position(*place.cell, up=0.2 - (ICON_INCHES + TEXT_INCHES) / 2 - 0.05),
        shape="plaintext",
        width=str(COLUMN_INCHES - 0.3),
        height=str(TEXT_INCHES),
        fixedsize="true",
        labelloc="c",
        **FONT,
    )
    return icon, text


def draw_arrow(arrow: Arrow, drawn: dict[str, tuple[Node, Node]], cells: dict[str, tuple[int, int]]) -> None:
    """Draw an arrow between two neighbours, with its label beside it."""
    (column, row), (to_column, to_row) = cells[arrow.start], cells[arrow.end]
    # Texts lie below their icons: an arrow down leaves a text, and an arrow up meets one.
    start, end = drawn[arrow.start][to_row > row], drawn[arrow.end][to_row < row]
    style = DELIVERY if arrow.delivery else OTHER
    start >> Edge(**style) >> end
    if arrow.label:
        draw_label(arrow.label, (column + to_column) / 2, (row + to_row) / 2, style["fontcolor"], level=row == to_row)


def draw_label(text: str, column: float, row: float, colour: str, *, level: bool) -> None:
    """Draw the label of an arrow: above a level one, to the right of another."""
    position = _position(column, row, up=0.38) if level else _position(column + 0.22, row, up=-0.23)
    size = {"width": str(LABEL_INCHES), "height": str(TEXT_INCHES), "fixedsize": "true"}
    lines = text if level else text + r"\l"
    Node(lines, pos=position, shape="plaintext", labelloc="c", fontcolor=colour, **size, **LABEL)


def _position(column: float, row: float, *, up: float) -> str:
    return f"{column * COLUMN_INCHES:.3f},{up - row * ROW_INCHES:.3f}!"


def draw(picture: Path) -> None:
    """Draw the picture.

    Args:
        picture: The PNG file to write.
    """
    with tempfile.TemporaryDirectory() as scratch:
        drawing = Path(scratch) / "pipeline"
        with Diagram(filename=str(drawing), outformat="png", show=False, graph_attr=GRAPH):
            for frame in FRAMES:
                draw_frame(frame)
            drawn = {place.title: draw_place(place) for place in PLACES}
            cells = {place.title: place.cell for place in PLACES}
            for arrow in ARROWS:
                draw_arrow(arrow, drawn, cells)
        told = PngInfo()
        told.add_text("Description", json.dumps(description()))
        with Image.open(f"{drawing}.png") as image:
            image.convert("RGB").quantize(COLOURS).save(picture, optimize=True, pnginfo=told)


def main() -> None:
    """Draw the picture, if it is as the code is."""
    check_places()
    if shutil.which("dot") is None:
        sys.exit("Error: Graphviz is not installed; on Debian and Ubuntu: apt-get install graphviz")
    draw(PICTURE)
    print(PICTURE.relative_to(infrastructure.REPOSITORY))  # noqa: T201


if __name__ == "__main__":
    main()
