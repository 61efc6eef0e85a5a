from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy.stats import chisquare, kstest

from abalone.model.split import HASH, HASH_SIZE, content_hash, train_test_split
from abalone.schema import COLUMN_NAMES, NUMBERS, RINGS

LANDING_FILE = Path(__file__).parents[3] / "data" / "01_raw" / "landing" / "uci_abalone.csv"
ROW = {
    "sex": "M",
    "length": 0.455,
    "diameter": 0.365,
    "height": 0.095,
    "whole_weight": 0.514,
    "shucked_weight": 0.2245,
    "viscera_weight": 0.101,
    "shell_weight": 0.15,
    "rings": 15,
}


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    return pd.read_csv(LANDING_FILE)


def near_identical_rows(column: str, count: int = 4_000) -> pd.DataFrame:
    """Rows that differ in the last digits of one column only."""
    rows = pd.DataFrame([ROW] * count)
    return rows.assign(**{column: rows[column] + np.arange(count) * 1e-6})


def fractions(frame: pd.DataFrame, random_state: int = 0) -> np.ndarray:
    return content_hash(frame, random_state)[HASH].to_numpy() / HASH_SIZE


def reference_hash(row: dict[str, object], random_state: int) -> int:
    """The definition of the module's docstring in Python's unbounded integers."""
    prime, generator = 2**31 - 1, 48271
    values = ["MFI".index(row["sex"]) + 1] + [int(row[name] * 1_000_000 + 0.5) for name in COLUMN_NAMES[1:]]
    h = (sum(value * pow(generator, 2 + k, prime) for k, value in enumerate(values)) + random_state) % prime
    for place in range(3):
        h = (pow(h, 5, prime) + pow(generator, 100 + place, prime)) % prime
    return h


def test_hash_follows_its_definition_without_overflow(real):
    largest = {column.name: column.maximum for column in (*NUMBERS, RINGS)} | {"sex": "I"}
    rows = [*real.head(50).to_dict("records"), largest]

    assert content_hash(pd.DataFrame(rows), 7)[HASH].tolist() == [reference_hash(row, 7) for row in rows]


def test_pandas_and_pyarrow_give_identical_hashes(real):
    arrow = content_hash(pa.Table.from_pandas(real), 0)

    assert arrow[HASH].to_pylist() == content_hash(real, 0)[HASH].tolist()


def test_pyarrow_tables_are_split_like_pandas_frames(real):
    sides = train_test_split(real, 0.2, 0)
    arrow_sides = train_test_split(pa.Table.from_pandas(real), 0.2, 0)

    for side, arrow_side in zip(sides, arrow_sides, strict=True):
        assert arrow_side.to_pandas().to_numpy().tolist() == side.to_numpy().tolist()


@pytest.mark.parametrize("lazy", [False, True], ids=["eager", "lazy"])
def test_pandas_and_polars_give_identical_hashes_and_sides(real, lazy):
    frame = pl.from_pandas(real)
    given = frame.lazy() if lazy else frame

    hashes = content_hash(given, 0)
    sides = train_test_split(given, 0.2, 0)

    assert isinstance(hashes, pl.LazyFrame if lazy else pl.DataFrame)
    assert hashes.lazy().collect()[HASH].to_list() == content_hash(real, 0)[HASH].tolist()
    for side, pandas_side in zip(sides, train_test_split(real, 0.2, 0), strict=True):
        assert side.lazy().collect().rows() == list(pandas_side.itertuples(index=False, name=None))


def test_every_row_is_on_one_side_in_its_order_with_its_columns(real):
    frame = real.assign(line=np.arange(len(real)))

    train, test = train_test_split(frame, 0.2, 0)

    assert list(train.columns) == list(test.columns) == list(frame.columns)
    assert sorted([*train["line"], *test["line"]]) == list(range(len(real)))
    assert train["line"].is_monotonic_increasing
    assert test["line"].is_monotonic_increasing


def test_adding_a_batch_or_shuffling_moves_no_row(real):
    _, before = train_test_split(real.head(2_000), 0.2, 0)

    _, after = train_test_split(real.sample(frac=1.0, random_state=1), 0.2, 0)

    assert sorted(after.index[after.index < 2_000]) == sorted(before.index)


def test_equal_rows_are_on_one_side_whatever_their_batch(real):
    twice = pd.concat([real.assign(batch="a"), real.assign(batch="b")], ignore_index=True)

    _, test = train_test_split(twice, 0.2, 0)

    assert test[test["batch"] == "a"].index.tolist() == (test[test["batch"] == "b"].index - len(real)).tolist()


def test_fractions_of_the_real_rows_are_uniform(real):
    found = fractions(real)

    assert 0.0 <= found.min() < found.max() < 1.0
    assert chisquare(np.histogram(found, bins=50, range=(0.0, 1.0))[0]).pvalue > 0.001


@pytest.mark.parametrize("column", COLUMN_NAMES[1:])
def test_fractions_of_near_identical_rows_are_uniform_and_unrelated(column):
    found = fractions(near_identical_rows(column))

    assert kstest(found, "uniform").pvalue > 0.001
    assert chisquare(np.histogram2d(found[1:], found[:-1], bins=8, range=[(0, 1), (0, 1)])[0].ravel()).pvalue > 0.001
    assert abs(np.corrcoef(found[1:], found[:-1])[0, 1]) < 0.06


def test_rows_that_differ_in_sex_only_have_other_fractions():
    assert len(set(fractions(pd.DataFrame([ROW | {"sex": sex} for sex in "MFI"])))) == 3


@pytest.mark.parametrize("random_state", [-1, 1, 42, 2**40])
def test_random_state_chooses_another_split_of_the_same_share(real, random_state):
    first = fractions(real) < 0.2
    second = fractions(real, random_state) < 0.2

    assert 0.18 < second.mean() < 0.22
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.06


def test_last_bits_of_a_number_do_not_decide():
    noisy = {name: value * (1 + 1e-15) if isinstance(value, float) else value for name, value in ROW.items()}

    assert len(set(fractions(pd.DataFrame([ROW, noisy])))) == 1
