"""The one definition of a measurement: names, units, ranges and physical rules.

Plain Python, so that the pandera schema, the prediction service, the Glue job and the model's input
are all derived from it, each with the libraries it already has.

The data set keeps its original scale: lengths in millimetres divided by 200, weights in grams divided by 200
(Nash et al., 1994; UCI Machine Learning Repository, DOI 10.24432/C55C7W).
"""

from dataclasses import dataclass

MILLIMETRES_PER_UNIT = 200.0
GRAMS_PER_UNIT = 200.0
YEARS_BEYOND_RINGS = 1.5
"""Age in years is the number of rings plus 1.5 (Nash et al., 1994)."""


@dataclass(frozen=True)
class Category:
    """A column that holds one of a few values.

    Attributes:
        name: Column name, as in the header of a batch.
        values: The allowed values.
        description: What the column says, for people.
    """

    name: str
    values: tuple[str, ...]
    description: str


@dataclass(frozen=True)
class Number:
    """A numeric column.

    Attributes:
        name: Column name, as in the header of a batch.
        unit: Unit of the stored value.
        description: What the column says, for people.
        above: The value must be greater than this, in the column's unit.
        maximum: The largest possible value, in the column's unit: beyond it the value is an error of unit or typing.
        integer: Whether only whole numbers are allowed.
    """

    name: str
    unit: str
    description: str
    above: float
    maximum: float
    integer: bool = False


@dataclass(frozen=True)
class Rule:
    """A relation between columns that holds for every real animal: the sum of `parts` is bounded by `whole`.

    Attributes:
        name: Identifier of the rule.
        parts: Columns that are summed.
        whole: Column that bounds the sum.
        strict: Whether the sum must be smaller than the bound, rather than at most equal to it.
    """

    name: str
    parts: tuple[str, ...]
    whole: str
    strict: bool = False


SEX = Category("sex", ("M", "F", "I"), "male, female, or infant (too young for its sex to be told)")

_MM, _G = "mm / 200", "g / 200"

# Maxima: the largest blacklip abalone on record is about 220 mm and 1.5 kg; these leave a margin beyond it.
NUMBERS = (
    Number("length", _MM, "longest shell measurement", 0.0, 1.25),
    Number("diameter", _MM, "shell width, perpendicular to the length", 0.0, 1.25),
    Number("height", _MM, "shell height with the meat in it", 0.0, 1.25),
    Number("whole_weight", _G, "whole animal", 0.0, 10.0),
    Number("shucked_weight", _G, "meat only", 0.0, 10.0),
    Number("viscera_weight", _G, "gut, after bleeding", 0.0, 10.0),
    Number("shell_weight", _G, "shell, after drying", 0.0, 10.0),
)

MEASUREMENTS = (SEX, *NUMBERS)
"""What is measured on a living or landed animal: the model's input."""

RINGS = Number("rings", "count", "rings in the cut shell", 0.0, 60.0, integer=True)
"""What is counted under the microscope: the model's target."""

NUMBER_NAMES = tuple(column.name for column in NUMBERS)
MEASUREMENT_NAMES = tuple(column.name for column in MEASUREMENTS)
COLUMN_NAMES = (*MEASUREMENT_NAMES, RINGS.name)
"""The header of a batch."""

IMPOSSIBLE = (
    Rule("height_below_diameter", ("height",), "diameter", strict=True),
    Rule("diameter_within_length", ("diameter",), "length"),
    Rule("shucked_within_whole", ("shucked_weight",), "whole_weight"),
    Rule("viscera_within_whole", ("viscera_weight",), "whole_weight"),
    Rule("shell_within_whole", ("shell_weight",), "whole_weight"),
)
"""Rules that no animal can break: a row that does is quarantined."""

PARTS_WITHIN_WHOLE = Rule("parts_within_whole", ("shucked_weight", "viscera_weight", "shell_weight"), "whole_weight")
"""Broken by a few per cent through weighing noise and lost fluid: such a row is kept and flagged."""

PLAUSIBLE_HEIGHT_MAXIMUM = 0.4
"""Heights above this (80 mm) are typing errors in every case known: kept and flagged, and repaired by the model."""

PLAUSIBLE_HEIGHT_TO_DIAMETER = (0.1, 0.6)
"""Heights outside of this share of the diameter are implausible: kept and flagged."""
