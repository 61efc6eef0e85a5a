"""Whether the train and the test table hold the same kinds of animals."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency, ks_2samp, kstwo

from abalone.schema import RINGS, SEX

_EXACT_ROWS = 10_000


def count_strata(train: pd.DataFrame, test: pd.DataFrame) -> pd.DataFrame:
    """Count both tables by sex and number of rings.

    Args:
        train: The train table, with sex and rings.
        test: The test table, likewise.

    Returns:
        Columns sex, rings, train and test, the last two numbers of rows, by sex and rings.
    """
    keys = [SEX.name, RINGS.name]
    counts = {side: table.groupby(keys).size() for side, table in (("train", train), ("test", test))}
    return pd.DataFrame(counts).fillna(0).astype("int64").reset_index()


def strata_report(counts: pd.DataFrame, test_fraction: float, ring_bands: Sequence[int]) -> dict[str, Any]:
    """Test whether the train and the test table differ by sex, by band of rings, or in the number of rings.

    Args:
        counts: As returned by `count_strata`, of tables that are not empty.
        test_fraction: Share of the rows that the test table should have.
        ring_bands: Largest number of rings in each band but the last, ascending.

    Returns:
        Row counts; for each stratum the counts, the share of test rows and by how many standard errors of a
        binomial share it is off; p-values of the chi-square tests of homogeneity (Pearson), and of the two-sample
        Kolmogorov-Smirnov test on rings. Small p-values mean that the tables differ by more than chance.
    """
    sides = ["train", "test"]
    train_rows, test_rows = (int(counts[side].sum()) for side in sides)
    keys = {"sex": counts[SEX.name], "rings": _bands(counts[RINGS.name], ring_bands)}
    tables = {by: counts.groupby(key, observed=True)[sides].sum() for by, key in keys.items()}
    return {
        "train_rows": train_rows,
        "test_rows": test_rows,
        "test_share": test_rows / (train_rows + test_rows),
        "strata": {by: _strata(table, test_fraction) for by, table in tables.items()},
        "p_values": {
            "sex_chi_square": _chi_square_p_value(tables["sex"]),
            "rings_chi_square": _chi_square_p_value(tables["rings"]),
            "rings_kolmogorov_smirnov": _kolmogorov_smirnov_p_value(counts.groupby(RINGS.name)[sides].sum()),
        },
    }


def _bands(rings: "pd.Series[int]", edges: Sequence[int]) -> pd.Series:
    lower = [None, *(edge + 1 for edge in edges)]
    labels = [
        f"up to {high}" if low is None else f"{low} and more" if high is None else f"{low} to {high}"
        for low, high in zip(lower, [*edges, None], strict=True)
    ]
    return pd.cut(rings, [-np.inf, *edges, np.inf], labels=labels)


def _strata(table: pd.DataFrame, test_fraction: float) -> dict[str, dict[str, float]]:
    strata = {}
    for name, (train, test) in zip(table.index, table.to_numpy(), strict=True):
        total = int(train + test)
        standard_error = np.sqrt(test_fraction * (1.0 - test_fraction) / total)
        strata[str(name)] = {
            "train": int(train),
            "test": int(test),
            "test_share": float(test / total),
            "standard_errors": float((test / total - test_fraction) / standard_error),
        }
    return strata


def _chi_square_p_value(table: pd.DataFrame) -> float:
    return float(chi2_contingency(table.to_numpy(), correction=False).pvalue)


def _kolmogorov_smirnov_p_value(by_rings: pd.DataFrame) -> float:
    """Test two distributions by their counts: exactly up to the size at which SciPy does, then asymptotically.

    The asymptotic p-value is that of `scipy.stats.ks_2samp` (Hodges, 1958), which wants each row.
    """
    rows = by_rings.sum()
    if rows.max() <= _EXACT_ROWS:
        train, test = (np.repeat(by_rings.index, by_rings[side]) for side in ("train", "test"))
        return float(ks_2samp(train, test).pvalue)
    shares = by_rings.cumsum() / rows
    statistic = (shares["train"] - shares["test"]).abs().max()
    return float(kstwo.sf(statistic, np.round(rows["train"] * rows["test"] / rows.sum())))
