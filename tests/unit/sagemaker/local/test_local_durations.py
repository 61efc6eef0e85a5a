"""How long a cached result lasts."""

from datetime import timedelta

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.local.durations import duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P30D", timedelta(days=30)),
        ("PT12H", timedelta(hours=12)),
        ("T12H", timedelta(hours=12)),
        ("30d", timedelta(days=30)),
        ("T16m", timedelta(minutes=16)),
        ("P2M", timedelta(days=60)),
        ("P1Y2W", timedelta(days=365 + 14)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ],
)
def test_duration_is_read_as_the_service_reads_it(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", "P", "PT", "T", "30", "P-1D", "1H", "P1.5D", "a month"])
def test_other_text_is_an_error_that_shows_how_to_write_it(text: str) -> None:
    with pytest.raises(AbaloneError, match="P30D"):
        duration(text)
