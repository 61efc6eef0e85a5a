"""Progress on a terminal and elsewhere."""

import io
import logging

import pytest
from rich.console import Console

from abalone.model.progress import progress


def test_a_terminal_gets_a_bar() -> None:
    screen = io.StringIO()

    with progress("Fitting", 2, Console(file=screen, force_terminal=True, width=100)) as advance:
        advance("first")
        advance("second")

    assert "Fitting: second" in screen.getvalue()
    assert "2/2" in screen.getvalue()


def test_a_file_gets_a_log_line_a_step(caplog: pytest.LogCaptureFixture) -> None:
    screen = io.StringIO()

    with caplog.at_level(logging.INFO), progress("Fitting", 2, Console(file=screen)) as advance:
        advance("first")
        advance("second")

    assert caplog.messages == ["first", "second"]
    assert screen.getvalue() == ""
