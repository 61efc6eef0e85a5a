"""A dense network of two layers on rows of unit length, trained for a few epochs: python network.py SURVEY OUTPUT."""

import csv
import sys

import keras
import numpy as np

from abalone.schema import NUMBER_NAMES, RINGS, SEX


def as_inputs(records: list[dict[str, str | float]]) -> np.ndarray:
    """Return one-hot sex and the numbers, each row of unit length, shape (rows, 10)."""
    rows = [
        [*(float(row[SEX.name] == sex) for sex in SEX.values), *(float(row[name]) for name in NUMBER_NAMES)]
        for row in records
    ]
    inputs = np.array(rows, dtype=np.float32)
    return inputs / np.linalg.norm(inputs, axis=1, keepdims=True)


def main(survey: str, output: str) -> None:
    """Train on the survey and save the network."""
    with open(survey, encoding="utf-8", newline="") as file:  # noqa: PTH123 - as short as it gets
        records = list(csv.DictReader(file))
    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [
            keras.Input((len(SEX.values) + len(NUMBER_NAMES),)),
            keras.layers.Dense(64),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    network.compile("adam", "mse")
    network.fit(
        as_inputs(records), np.array([float(row[RINGS.name]) for row in records]), epochs=3, batch_size=64, verbose=0
    )
    network.save(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
