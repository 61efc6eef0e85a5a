"""The steps of an execution as they go: a live table on a terminal, one line a change elsewhere."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from abalone.sagemaker.steps import StepStatus

COLOURS = {
    "Executing": "cyan",
    "Starting": "cyan",
    "Succeeded": "green",
    "Failed": "red",
    "Stopping": "yellow",
    "Stopped": "yellow",
    "Pending": "dim",
    "Skipped": "dim",
}


class StepTable:
    """Shows the steps of one execution.

    Args:
        console: Where to; standard output by default.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._live = Live(console=self._console, auto_refresh=False) if self._console.is_terminal else None
        self._told: dict[str, StepStatus] = {}

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, steps: Sequence[StepStatus]) -> None:
        """Show the steps as they are now.

        Args:
            steps: All steps of the execution.
        """
        if self._live is not None:
            self._live.update(_table(steps), refresh=True)
            return
        for step in steps:
            if _is_news(self._told.get(step.name), step):
                self._console.print(_line(step), soft_wrap=True)
            self._told[step.name] = step


def duration(seconds: float) -> str:
    """Write a duration as a person would.

    Args:
        seconds: Any number of seconds.

    Returns:
        Such as "8.4 s", "52 s", "3 min 20 s" or "1 h 2 min".
    """
    if seconds < 10:  # noqa: PLR2004 - below, tenths are worth telling
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes_left} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _is_news(before: StepStatus | None, now: StepStatus) -> bool:
    if before is None:
        return now.status != "Pending"
    return (before.status, before.attempts) != (now.status, now.attempts)


def _table(steps: Sequence[StepStatus]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("step", "kind", "status"):
        table.add_column(title, no_wrap=True)
    table.add_column("time", justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for step in steps:
        table.add_row(
            Text(step.name), Text(step.kind, "dim"), _status(step), Text(_time(step)), Text(", ".join(_remarks(step)))
        )
    return table


def _line(step: StepStatus) -> Text:
    remarks = [text for text in (_time(step), *_remarks(step)) if text]
    return Text.assemble(f"{step.name} ", _status(step), f" ({', '.join(remarks)})" if remarks else "")


def _status(step: StepStatus) -> Text:
    return Text(step.status, COLOURS.get(step.status, ""))


def _time(step: StepStatus) -> str:
    return "" if step.seconds is None else duration(step.seconds)


def _remarks(step: StepStatus) -> list[str]:
    remarks = ["cached"] if step.cached else []
    if step.attempts > 1:
        remarks.append(f"attempt {step.attempts}")
    if step.reason:
        remarks.append(" ".join(step.reason.split()))
    return remarks
