"""Tables and bars, as the docs quote them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats


@dataclass(frozen=True)
class Bar:
    """A figure and the range that it has to be in.

    Attributes:
        name: What was measured, with its unit.
        value: What came out.
        low: The least that passes.
        high: The most that passes.
    """

    name: str
    value: float
    low: float = float("-inf")
    high: float = float("inf")

    @property
    def passed(self) -> bool:
        """Whether the value is in the range."""
        return self.low <= self.value <= self.high


def share(found: list[bool]) -> str:
    """Return a share with its exact 95 % interval (Clopper and Pearson, 1934)."""
    interval = stats.binomtest(sum(found), len(found)).proportion_ci()
    return f"{np.mean(found):.1%} ({interval.low:.1%} to {interval.high:.1%})"


def print_table(title: str, table: pd.DataFrame) -> None:
    """Print a table in Markdown."""
    print(f"\n{title}\n")
    print("| " + " | ".join(table.columns) + " |")
    print("|" + "---|" * len(table.columns))
    for row in table.itertuples(index=False):
        print("| " + " | ".join(str(value) for value in row) + " |")


def print_bars(bars: list[Bar]) -> bool:
    """Print the bars in Markdown, and return whether all are passed."""
    rows = [
        {
            "bar": bar.name,
            "at least": "" if bar.low == float("-inf") else f"{bar.low:g}",
            "at most": "" if bar.high == float("inf") else f"{bar.high:g}",
            "measured": f"{bar.value:.4g}",
            "": "pass" if bar.passed else "MISSED",
        }
        for bar in bars
    ]
    print_table("Bars", pd.DataFrame(rows))
    return all(bar.passed for bar in bars)
