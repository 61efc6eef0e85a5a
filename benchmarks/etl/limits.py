"""How many rows a machine would hold, from the peaks of two runs."""

from benchmarks.etl.process_tree import BYTES_PER_MIB

USABLE_BYTES = 7e9
"""Of a machine of 8 GB, 1 GB of which is left to the system."""


def rows_that_fit(small: tuple[int, float], large: tuple[int, float]) -> tuple[float, float]:
    """Extrapolate the peak memory on a line through two runs.

    Args:
        small: Rows and peak memory in MiB of a run.
        large: The same of a run on more rows.

    Returns:
        Bytes that a row takes; the rows with which the peak is `USABLE_BYTES`, infinite if it does not grow.
    """
    (few, low), (many, high) = small, large
    bytes_a_row = (high - low) * BYTES_PER_MIB / (many - few)
    if bytes_a_row <= 0:
        return 0.0, float("inf")
    return bytes_a_row, few + (USABLE_BYTES - low * BYTES_PER_MIB) / bytes_a_row
