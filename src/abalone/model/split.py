"""The split into train and test rows, by a hash of what a row says.

The side of a row depends on its content alone: not on its batch, its position, the other rows or the engine. So adding
a batch moves no row, and equal rows are always on one side. The hash uses integers below 2**63 only, with which
pandas, PyArrow, polars and Spark calculate alike:

1. Each number is rounded to a whole number of millionths, each sex is given a code.
2. These are combined with fixed multipliers modulo the prime P = 2**31 - 1.
3. Rounds of h -> h**5 + c mod P mix the result. As 5 does not divide P - 1, each round is a permutation of
   0 ... P - 1: what is uniform stays uniform, and near-equal rows part. (It is the power map of the cipher MiMC,
   Albrecht et al., 2016, used here for its mixing, not for secrecy.)
"""

import narwhals as nw
from narwhals.typing import IntoFrameT

from abalone.schema import NUMBER_NAMES, RINGS, SEX

HASH = "content_hash"
"""Name of the column that `content_hash` adds."""

HASH_SIZE = 2**31 - 1
"""The hash is one of 0 ... HASH_SIZE - 1."""

HASH_VERSION = 1
"""Raised when the hash of a row changes: the sides of two versions have nothing to do with each other."""

_PRIME = HASH_SIZE
_GENERATOR = 48271
"""A generator of the multiplicative group modulo P (Park, Miller and Stockmeyer, 1993)."""
_PER_UNIT = 1_000_000
_POWER = "split_power"
_ROUNDS = 3
_VALUES = (*NUMBER_NAMES, RINGS.name)
_MULTIPLIERS = tuple(pow(_GENERATOR, power, _PRIME) for power in range(2, 3 + len(_VALUES)))
_ROUND_CONSTANTS = tuple(pow(_GENERATOR, power, _PRIME) for power in range(100, 100 + _ROUNDS))


def train_test_split(frame: IntoFrameT, test_fraction: float, random_state: int) -> tuple[IntoFrameT, IntoFrameT]:
    """Split rows into a train and a test side, in their order.

    Args:
        frame: Eager or lazy frame with the columns of `schema.COLUMN_NAMES`, complete and within their ranges.
        test_fraction: Share of the rows, in the long run, that go to the test side.
        random_state: Chooses one of the possible splits.

    Returns:
        The train rows and the test rows, with the columns of `frame`.
    """
    hashed = nw.from_native(content_hash(frame, random_state))  # type: ignore[type-var]  # eager and lazy alike
    # Whole numbers are compared, because engines may divide to different last bits.
    is_test = nw.col(HASH) < round(test_fraction * HASH_SIZE)
    train, test = (hashed.filter(side).drop(HASH) for side in (~is_test, is_test))
    return train.to_native(), test.to_native()


def content_hash(frame: IntoFrameT, random_state: int) -> IntoFrameT:
    """Add to each row the hash of its content, which decides its side.

    Args:
        frame: Eager or lazy frame with the columns of `schema.COLUMN_NAMES`, complete and within their ranges.
        random_state: Chooses one of the possible splits.

    Returns:
        The frame with the column `HASH` (int64), uniform in 0 ... HASH_SIZE - 1 over rows that differ.
    """
    # Columns instead of nested expressions: an expression that is used twice would be computed twice.
    h, power = nw.col(HASH), nw.col(_POWER)
    given = nw.from_native(frame)  # type: ignore[type-var]  # eager and lazy alike
    hashed = given.with_columns(((_linear_hash() + random_state % _PRIME) % _PRIME).alias(HASH))
    for constant in _ROUND_CONSTANTS:
        hashed = hashed.with_columns((h * h % _PRIME).alias(_POWER))
        hashed = hashed.with_columns(power * power % _PRIME)
        hashed = hashed.with_columns((h * power + constant) % _PRIME)
    return hashed.drop(_POWER).to_native()


def _linear_hash() -> nw.Expr:
    """Combine the values of a row: at most 9 products of a value below 2**26 and a multiplier below 2**31."""
    codes = [(nw.col(SEX.name) == sex).cast(nw.Int64()) * code for code, sex in enumerate(SEX.values, start=1)]
    # Adding one half and rounding down is the same on every engine; their rounding of halves is not.
    millionths = [(nw.col(name) * _PER_UNIT + 0.5).floor().cast(nw.Int64()) for name in _VALUES]
    values = [sum(codes[1:], start=codes[0]), *millionths]
    terms = [value * multiplier for value, multiplier in zip(values, _MULTIPLIERS, strict=True)]
    return sum(terms[1:], start=terms[0])
