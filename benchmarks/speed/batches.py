"""Large batches, made of the real one."""

from pathlib import Path

import numpy as np
import pandas as pd

from abalone import schema

JITTER = 0.02
"""Standard deviation of the factor on each measurement: small against the animals' own variation."""


def write_batch(source: Path, target: Path, rows: int, random_state: int = 0) -> None:
    """Write a batch of so many rows, drawn from a real batch with jitter, so that hardly two are alike.

    Args:
        source: A CSV batch.
        target: The CSV batch to write; its folder is made.
        rows: How many rows to write.
        random_state: Seed of the draw.
    """
    generator = np.random.default_rng(random_state)
    drawn = pd.read_csv(source).sample(rows, replace=True, random_state=random_state, ignore_index=True)
    names = list(schema.NUMBER_NAMES)
    drawn[names] *= np.exp(generator.normal(0.0, JITTER, (rows, len(names))))
    target.parent.mkdir(parents=True, exist_ok=True)
    drawn.to_csv(target, index=False, float_format="%.5f")
