"""Progress of long work: a bar on a terminal, one log line a step elsewhere."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

logger = logging.getLogger(__name__)


@contextmanager
def progress(description: str, total: int, console: Console | None = None) -> Iterator[Callable[[str], None]]:
    """Show how much of the work is done.

    Args:
        description: What is being done.
        total: Number of steps.
        console: Where to; standard error by default, where the log goes too.

    Yields:
        A function to call after each step, with a text that says what was done.
    """
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield logger.info
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(description, total=total)

        def advance(text: str) -> None:
            bar.update(task, advance=1, description=f"{description}: {text}")

        yield advance
