"""A condition of the gate."""

from typing import TypedDict


class Check(TypedDict):
    """One condition of the gate, with the figures that decided it."""

    name: str
    passed: bool
    detail: str
