"""How thoroughly to measure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Lengths and repetitions.

    Attributes:
        seconds: Length of each measurement.
        rounds: How often each is made; what is compared takes turns, so that all meet the machine in the same mood.
    """

    seconds: float
    rounds: int
