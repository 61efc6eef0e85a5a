"""Nodes of the feature engineering pipeline."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from abalone.errors import AbaloneError
from abalone.model.split import train_test_split
from abalone.pipelines.feature_engineering.stratification import count_strata, strata_report
from abalone.schema import COLUMN_NAMES

logger = logging.getLogger(__name__)


def split_measurements(
    measurements: pd.DataFrame, test_fraction: float, random_state: int, minimum_rows: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Assign each measurement to the train or the test table by a hash of its content.

    Args:
        measurements: Columns batch, line, those of `schema.COLUMN_NAMES`, and flags.
        test_fraction: Share of the rows, in the long run, that go to the test table.
        random_state: Chooses one of the possible splits.
        minimum_rows: Smallest number of rows with which a table is of use.

    Returns:
        Train and test table, with the same columns, sorted by batch and line.

    Raises:
        AbaloneError: A table has too few rows, or `test_fraction` is no share.
    """
    if not 0.0 < test_fraction < 1.0:
        raise AbaloneError(
            f"feature_engineering.test_fraction is {test_fraction}: set it to a share between 0 and 1, such as 0.2."
        )
    ordered = measurements.sort_values(["batch", "line"], kind="stable", ignore_index=True)
    tables = train_test_split(ordered, test_fraction, random_state)
    train, test = (table.reset_index(drop=True) for table in tables)
    check_sizes({"train": len(train), "test": len(test)}, minimum_rows)
    return train, test


def check_sizes(rows: Mapping[str, int], minimum_rows: int) -> None:
    """Stop when a table is too small.

    Args:
        rows: Of the train and of the test table, by name.
        minimum_rows: Smallest number of rows with which a table is of use.

    Raises:
        AbaloneError: A table has too few rows.
    """
    for side, count in rows.items():
        if count < minimum_rows:
            raise AbaloneError(
                f"The {side} table has {count:,} of {sum(rows.values()):,} measurements, fewer than "
                f"feature_engineering.minimum_rows = {minimum_rows}: add batches, or change "
                "feature_engineering.test_fraction."
            )


def hold_out(test_table: pd.DataFrame, held_out_rows: int, random_state: int) -> pd.DataFrame:
    """Return the test rows as a batch has them, for those who measure a model from outside.

    Args:
        test_table: The test table.
        held_out_rows: A larger table is sampled to about so many rows.
        random_state: Of the split.

    Returns:
        The columns of `schema.COLUMN_NAMES`, in their order.
    """
    return hold_out_part(test_table, len(test_table), held_out_rows, random_state)


def hold_out_part(part: pd.DataFrame, test_rows: int, held_out_rows: int, random_state: int) -> pd.DataFrame:
    """Do the same to a part of the test table; rows are chosen by their content alone, wherever they are.

    Args:
        part: Some rows of the test table.
        test_rows: Number of rows of the whole table.
        held_out_rows: See `hold_out`.
        random_state: Likewise.

    Returns:
        The columns of `schema.COLUMN_NAMES`, in their order.
    """
    share = held_out_rows / test_rows if test_rows > held_out_rows else 1.0
    # The hash that made them test rows is small for all of them: another one chooses.
    _, chosen = train_test_split(part[list(COLUMN_NAMES)], share, random_state + 1)
    return chosen


def check_stratification(
    train_table: pd.DataFrame,
    test_table: pd.DataFrame,
    test_fraction: float,
    ring_bands: Sequence[int],
    maximum_standard_errors: float,
) -> dict[str, Any]:
    """Compare the two tables by sex and by age, and warn about strata that are off by more than chance.

    Args:
        train_table: The train table.
        test_table: The test table.
        test_fraction: Share of the rows that the test table should have.
        ring_bands: Largest number of rings in each band but the last.
        maximum_standard_errors: Deviations beyond this are reported in the log.

    Returns:
        The report; see `strata_report`.
    """
    report = strata_report(count_strata(train_table, test_table), test_fraction, ring_bands)
    tell_stratification(report, test_fraction, maximum_standard_errors)
    return report


def tell_stratification(report: Mapping[str, Any], test_fraction: float, maximum_standard_errors: float) -> None:
    """Log the sizes of the tables, and warn about strata that are off by more than chance.

    Args:
        report: See `strata_report`.
        test_fraction: Share of the rows that the test table should have.
        maximum_standard_errors: Deviations beyond this are warned about.
    """
    for by, strata in report["strata"].items():
        for name, stratum in strata.items():
            if abs(stratum["standard_errors"]) > maximum_standard_errors:
                logger.warning(
                    "split: %.1f %% of %s %s are test rows, %+.1f standard errors from %.1f %%; "
                    "try another feature_engineering.random_state",
                    100 * stratum["test_share"],
                    by,
                    name,
                    stratum["standard_errors"],
                    100 * test_fraction,
                )
    logger.info("split: %s train rows, %s test rows", f"{report['train_rows']:,}", f"{report['test_rows']:,}")
