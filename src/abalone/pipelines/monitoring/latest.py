"""What a window of the past leaves alone: all that tells of now."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, TypeVar

Saved = TypeVar("Saved")
Function = Callable[..., Saved]


def of_latest(function: Function[Saved]) -> Callable[..., Iterator[Saved]]:
    """Make the function of a node that saves nothing when the window is of the past.

    Kedro saves each thing that a node yields, so what was saved before stays where none is.

    Args:
        function: Of a monitoring report, and whatever else.
    """
    return _of_windows(function, is_latest=True)


def of_past(function: Function[Saved]) -> Callable[..., Iterator[Saved]]:
    """Make the function of a node that saves nothing when the window is the latest, as `of_latest` does."""
    return _of_windows(function, is_latest=False)


def _of_windows(function: Function[Saved], *, is_latest: bool) -> Callable[..., Iterator[Saved]]:
    @wraps(function)
    def node(report: Mapping[str, Any], *others: object) -> Iterator[Saved]:
        if report["window"]["is_latest"] == is_latest:
            yield function(report, *others)

    return node
