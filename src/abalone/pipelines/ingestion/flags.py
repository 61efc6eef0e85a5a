"""Soft rules: a row that breaks one is kept, flagged and counted."""

import numpy as np
import pandas as pd

from abalone.pipelines.ingestion.faults import SEPARATOR
from abalone.pipelines.ingestion.validation import is_broken
from abalone.schema import PARTS_WITHIN_WHOLE, PLAUSIBLE_HEIGHT_MAXIMUM, PLAUSIBLE_HEIGHT_TO_DIAMETER

PLAUSIBLE_HEIGHT = "plausible_height"


def soft_flags(frame: pd.DataFrame, parts_tolerance: float) -> "pd.Series[str]":
    """Name the soft rules that each row breaks.

    Args:
        frame: Columns of `schema.COLUMN_NAMES`, in their units.
        parts_tolerance: Share of the whole weight by which the sum of the parts may exceed it.

    Returns:
        One text a row: the names joined by "; ", "" where no rule is broken.
    """
    low, high = PLAUSIBLE_HEIGHT_TO_DIAMETER
    share = frame["height"] / frame["diameter"]
    broken = {
        PARTS_WITHIN_WHOLE.name: is_broken(frame, PARTS_WITHIN_WHOLE, parts_tolerance),
        PLAUSIBLE_HEIGHT: (frame["height"] > PLAUSIBLE_HEIGHT_MAXIMUM) | ~share.between(low, high),
    }
    flags = np.full(len(frame), "", dtype=object)
    for name, rows in broken.items():
        flags[rows] = [SEPARATOR.join(filter(None, (flag, name))) for flag in flags[rows]]
    return pd.Series(flags, index=frame.index, dtype="str")
