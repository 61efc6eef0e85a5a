"""Which numbers no animal can have, and which ones the model does not know; by the rules of the schema."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from abalone.schema import (
    IMPOSSIBLE,
    NUMBER_NAMES,
    NUMBERS,
    PARTS_WITHIN_WHOLE,
    PLAUSIBLE_HEIGHT_MAXIMUM,
    PLAUSIBLE_HEIGHT_TO_DIAMETER,
    Rule,
)
from abalone.serving.messages import Problem

_ABOVE = np.array([column.above for column in NUMBERS])
_MAXIMUM = np.array([column.maximum for column in NUMBERS])
_PLACE = {name: place for place, name in enumerate(NUMBER_NAMES)}
_HEIGHT, _DIAMETER, _WHOLE = _PLACE["height"], _PLACE["diameter"], _PLACE[PARTS_WITHIN_WHOLE.whole]
_LOWEST_SHARE, _HIGHEST_SHARE = PLAUSIBLE_HEIGHT_TO_DIAMETER

PARTS_TOLERANCE = 1.1
"""By so much the parts may outweigh the whole through weighing noise, as in conf/base/parameters_ingestion.yml."""

_WHOLE_PARTS = np.array([float(name in PARTS_WITHIN_WHOLE.parts) for name in NUMBER_NAMES])

# Numbers that are no animal's may overflow, and are found out all the same.
_HUGE_OR_UNREADABLE = np.errstate(invalid="ignore", over="ignore")

# One column a rule: 1 where a number is one of its parts, so that a product of matrices adds the parts up.
_PARTS = np.array([[float(name in rule.parts) for rule in IMPOSSIBLE] for name in NUMBER_NAMES])
_WHOLES = np.array([_PLACE[rule.whole] for rule in IMPOSSIBLE])
_STRICT = np.array([rule.strict for rule in IMPOSSIBLE])


# The numbers, and beside them a column a rule: parts less whole, all parts less what the whole bears, and height less
# the plausible shares of the diameter.
_COMBINED = np.hstack(
    [
        np.eye(len(NUMBERS)),
        _PARTS - np.eye(len(NUMBERS))[:, _WHOLES],
        (_WHOLE_PARTS - PARTS_TOLERANCE * np.eye(len(NUMBERS))[_WHOLE])[:, np.newaxis],
        *(
            (np.eye(len(NUMBERS))[_HEIGHT] - share * np.eye(len(NUMBERS))[_DIAMETER])[:, np.newaxis]
            for share in PLAUSIBLE_HEIGHT_TO_DIAMETER
        ),
    ]
)


@dataclass(frozen=True, eq=False)
class TrainedRanges:
    """What the model was trained on, column by column.

    Attributes:
        lowest: The least of each number, shape (7,).
        highest: The greatest of each number, shape (7,).
    """

    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]

    @_HUGE_OR_UNREADABLE
    def have(self, numbers: NDArray[np.float64]) -> bool:
        """Tell whether there is nothing to say about any of the rows: neither `impossible_rows` nor `unusual_rows`.

        For a few rows it takes a quarter of the time of these two. At the very edge of what is unusual, by a rounding,
        it may differ from them; never of what is impossible.

        Args:
            numbers: As in `impossible_rows`.
        """
        low, high = self._bounds
        combined = numbers @ _COMBINED
        return bool(((combined >= low) & (combined <= high)).all())

    @cached_property
    def _bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        highest = self.highest.copy()
        highest[_HEIGHT] = min(highest[_HEIGHT], PLAUSIBLE_HEIGHT_MAXIMUM)
        rules = len(IMPOSSIBLE)
        return (
            np.concatenate(
                [np.maximum(self.lowest, np.nextafter(_ABOVE, np.inf)), np.full(rules + 1, -np.inf), [0, -np.inf]]
            ),
            np.concatenate([np.minimum(highest, _MAXIMUM), np.where(_STRICT, np.nextafter(0, -1), 0), [0, np.inf, 0]]),
        )


@_HUGE_OR_UNREADABLE
def impossible_rows(numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell the rows that no animal can have.

    Args:
        numbers: Shape (rows, 7), in the order and the units of `schema.NUMBERS`; NaN where a value could not be read.

    Returns:
        Shape (rows,).
    """
    in_range = (numbers > _ABOVE) & (numbers <= _MAXIMUM)
    totals, bounds = numbers @ _PARTS, numbers[:, _WHOLES]
    kept = (totals < bounds) | (~_STRICT & (totals == bounds))
    impossible: NDArray[np.bool_] = ~(in_range.all(axis=1) & kept.all(axis=1))
    return impossible


@_HUGE_OR_UNREADABLE
def unusual_rows(numbers: NDArray[np.float64], trained: TrainedRanges) -> NDArray[np.bool_]:
    """Tell the rows that differ from what the model was trained on, or can hardly be.

    Args:
        numbers: As in `impossible_rows`.
        trained: What the model was trained on.

    Returns:
        Shape (rows,).
    """
    unusual = ((numbers < trained.lowest) | (numbers > trained.highest)).any(axis=1)
    height, diameter = numbers[:, _HEIGHT], numbers[:, _DIAMETER]
    unusual |= height > PLAUSIBLE_HEIGHT_MAXIMUM
    unusual |= numbers @ _WHOLE_PARTS > PARTS_TOLERANCE * numbers[:, _WHOLE]
    unusual |= (height < _LOWEST_SHARE * diameter) | (height > _HIGHEST_SHARE * diameter)
    return unusual


def errors_of(row: int, numbers: NDArray[np.float64]) -> list[Problem]:
    """Say what is impossible about a row.

    Args:
        row: Number of the row, from 1.
        numbers: Its numbers, shape (7,); those that could not be read are passed over.
    """
    values = dict(zip(NUMBER_NAMES, numbers.tolist(), strict=True))
    problems = []
    for column in NUMBERS:
        value = values[column.name]
        if value <= column.above:
            message = f"{column.name} {value} is not above {column.above:g}"
            problems.append(Problem("not_above_minimum", message, column.name, row))
        elif value > column.maximum:
            message = f"{column.name} {value} is above {column.maximum:g} (unit: {column.unit})"
            problems.append(Problem("above_maximum", message, column.name, row))
    if not problems:
        problems = [_broken(rule, values, row) for rule in IMPOSSIBLE if _is_broken(rule, values)]
    return problems


def warnings_of(numbers: NDArray[np.float64], trained: TrainedRanges) -> list[Problem]:
    """Say what is unusual about a row; the arguments are those of `unusual_rows`, for one row of shape (7,)."""
    problems = []
    ranges = zip(trained.lowest.tolist(), trained.highest.tolist(), strict=True)
    for column, value, (low, high) in zip(NUMBER_NAMES, numbers.tolist(), ranges, strict=True):
        if value < low:
            message = f"{column} {value} is below {low:g}, the smallest in the training data"
            problems.append(Problem("below_training_range", message, column))
        elif value > high:
            message = f"{column} {value} is above {high:g}, the largest in the training data"
            problems.append(Problem("above_training_range", message, column))
    parts, whole = float(numbers @ _WHOLE_PARTS), float(numbers[_WHOLE])
    if parts > PARTS_TOLERANCE * whole:
        message = f"{' + '.join(PARTS_WITHIN_WHOLE.parts)} {parts:g} is above {PARTS_WITHIN_WHOLE.whole} {whole:g}"
        problems.append(Problem("parts_above_whole", message, PARTS_WITHIN_WHOLE.whole))
    height, diameter = float(numbers[_HEIGHT]), float(numbers[_DIAMETER])
    if height > PLAUSIBLE_HEIGHT_MAXIMUM or not _LOWEST_SHARE * diameter <= height <= _HIGHEST_SHARE * diameter:
        message = f"height {height} can hardly be, with diameter {diameter}"
        problems.append(Problem("implausible_height", message, "height"))
    return problems


def _is_broken(rule: Rule, values: dict[str, float]) -> bool:
    total = sum(values[part] for part in rule.parts)
    return total >= values[rule.whole] if rule.strict else total > values[rule.whole]


def _broken(rule: Rule, values: dict[str, float], row: int) -> Problem:
    total = sum(values[part] for part in rule.parts)
    relation = "not below" if rule.strict else "above"
    message = f"{' + '.join(rule.parts)} {total} is {relation} {rule.whole} {values[rule.whole]}"
    return Problem(rule.name, message, rule.parts[0], row)
