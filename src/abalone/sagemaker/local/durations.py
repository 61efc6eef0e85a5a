"""How long a cached result lasts."""

import re
from datetime import timedelta

from abalone.errors import AbaloneError

_DURATION = re.compile(
    r"P?(?=.)(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<W>\d+)W)?(?:(?P<D>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<H>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<S>\d+)S)?)?",
    re.IGNORECASE,
)
_UNITS = {
    "Y": timedelta(days=365),
    "M": timedelta(days=30),
    "W": timedelta(weeks=1),
    "D": timedelta(days=1),
    "H": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "S": timedelta(seconds=1),
}


def duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of whole numbers.

    As the service does, it takes `P30D`, `P1DT12H` and `PT12H`, and also what its documentation writes without the `P`
    or in small letters: `30d`, `T12H`. A year is 365 days and a month is 30.

    Args:
        text: As in `ExpireAfter`.

    Raises:
        AbaloneError: It is no such duration.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise AbaloneError(f"{text!r} is no ISO 8601 duration: write 30 days as P30D and 12 hours as PT12H")
    return sum((_UNITS[unit] * int(count) for unit, count in match.groupdict().items() if count), timedelta())
