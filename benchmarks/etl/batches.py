"""Landing zones of any size, made of the real batch."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from abalone.pipelines.ingestion.nodes import validate_batches
from abalone.schema import COLUMN_NAMES, NUMBER_NAMES, SEX
from benchmarks.speed.measured import REPOSITORY

SOURCE = REPOSITORY / "data" / "01_raw" / "landing" / "uci_abalone.csv"
ROWS_A_BATCH = 500_000
JITTER = 0.02
"""Standard deviation of the logarithm of an animal's factors: small against the animals' own variation."""
ONE_IN = 1_000
"""So many rows hold one of each: an unknown sex, a height of 0, and a repetition of the row before."""
UNQUOTED = pa.csv.WriteOptions(quoting_style="none", quoting_header="none")
LENGTHS, WEIGHTS = list(NUMBER_NAMES[:3]), list(NUMBER_NAMES[3:])


def write_landing_zone(folder: Path, rows: int, random_state: int = 0) -> None:
    """Write batches of so many rows in all, one at a time.

    The lengths of an animal are multiplied by one factor, and its weights by another: what was possible stays possible.

    Args:
        folder: The landing zone; it is made.
        rows: How many rows to write.
        random_state: Seed of the draw.
    """
    folder.mkdir(parents=True)
    generator = np.random.default_rng(random_state)
    animals, _, _ = validate_batches({SOURCE.name: SOURCE.read_bytes}, 0.1, 10_000)
    for number, size in enumerate(_sizes(rows)):
        drawn = animals[list(COLUMN_NAMES)].iloc[generator.integers(len(animals), size=size)].reset_index(drop=True)
        for columns in (LENGTHS, WEIGHTS):
            factors = np.exp(generator.normal(0.0, JITTER, (size, 1)))
            drawn[columns] = (drawn[columns] * factors).round(5)
        _spoil(drawn)
        path = folder / f"batch_{number:03}.csv"
        pa.csv.write_csv(pa.Table.from_pandas(drawn, preserve_index=False), path, UNQUOTED)


def _spoil(drawn: pd.DataFrame) -> None:
    drawn.loc[drawn.index % ONE_IN == 100, SEX.name] = "X"
    drawn.loc[drawn.index % ONE_IN == 200, "height"] = 0.0
    repeated = drawn.index[drawn.index % ONE_IN == 300]
    drawn.loc[repeated] = drawn.loc[repeated - 1].to_numpy()


def _sizes(rows: int) -> Iterator[int]:
    for start in range(0, rows, ROWS_A_BATCH):
        yield min(ROWS_A_BATCH, rows - start)
