"""Whether the train and the test table hold the same kinds of animals."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency, ks_2samp

from abalone.schema import RINGS, SEX


def strata_report(
    train: pd.DataFrame, test: pd.DataFrame, test_fraction: float, ring_bands: Sequence[int]
) -> dict[str, Any]:
    """Count both tables by sex and by band of rings, and test whether they differ.

    Args:
        train: The train table, with sex and rings; not empty.
        test: The test table, likewise.
        test_fraction: Share of the rows that the test table should have.
        ring_bands: Largest number of rings in each band but the last, ascending.

    Returns:
        Row counts; for each stratum the counts, the share of test rows and by how many standard errors of a
        binomial share it is off; p-values of the chi-square tests of homogeneity (Pearson), and of the two-sample
        Kolmogorov-Smirnov test on rings. Small p-values mean that the tables differ by more than chance.
    """
    both = pd.concat([train, test], ignore_index=True)
    is_test = np.arange(len(both)) >= len(train)
    keys = {"sex": both[SEX.name], "rings": _bands(both[RINGS.name], ring_bands)}
    tables = {by: pd.crosstab(key, is_test) for by, key in keys.items()}
    kolmogorov_smirnov = ks_2samp(train[RINGS.name], test[RINGS.name])
    return {
        "train_rows": len(train),
        "test_rows": len(test),
        "test_share": len(test) / len(both),
        "strata": {by: _strata(table, test_fraction) for by, table in tables.items()},
        "p_values": {
            "sex_chi_square": _chi_square_p_value(tables["sex"]),
            "rings_chi_square": _chi_square_p_value(tables["rings"]),
            "rings_kolmogorov_smirnov": float(kolmogorov_smirnov.pvalue),
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
