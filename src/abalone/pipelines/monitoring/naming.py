"""How the traits of animals are called, and measured, in sentences."""

from abalone.model.features import LOG_RATIOS
from abalone.schema import GRAMS_PER_UNIT, MILLIMETRES_PER_UNIT, SEX

LENGTHS = ("length", "diameter", "height")
WEIGHTS = ("whole_weight", "shucked_weight", "viscera_weight", "shell_weight")

UNITS = dict.fromkeys(LENGTHS, (MILLIMETRES_PER_UNIT, "mm")) | dict.fromkeys(WEIGHTS, (GRAMS_PER_UNIT, "g"))
"""Of each measurement what a value of 1 is, and in which unit."""

SEXES = dict(zip(SEX.values, ("males", "females", "infants"), strict=True))


def spoken(name: str) -> str:
    """Return the name of a column or of a ratio as people say it."""
    if name not in LOG_RATIOS:
        return name.replace("_", " ")
    over, under = LOG_RATIOS[name]
    below = " * ".join(map(spoken, under))
    return f"{spoken(over)} / {below if len(under) == 1 else f'({below})'}"


def quantity(value: float, unit: str) -> str:
    """Return a number with three digits and its unit."""
    return f"{value:.3g} {unit}" if abs(value) < 1_000 else f"{value:,.0f} {unit}"  # noqa: PLR2004 - 1e+03 is unreadable
