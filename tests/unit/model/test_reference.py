"""What the artifact keeps of the training data for monitoring."""

import json
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest

from abalone.model.artifact import Artifact
from abalone.model.intervals import IntervalRegressor
from abalone.model.reference import reference_distributions
from abalone.model.relative_error import relative_errors
from abalone.model.traits import TRAIT_NAMES, traits
from abalone.schema import NUMBER_NAMES

LIMIT = 150_000
"""The service reads the metadata at its start."""


@pytest.fixture(scope="module")
def reference(artifact: Artifact) -> dict[str, Any]:
    found: dict[str, Any] = artifact.metadata["reference"]
    return found


def test_sample_is_of_rows_spread_over_the_collection_in_its_order(
    reference: dict[str, Any], table: pd.DataFrame
) -> None:
    sample = pd.read_csv(StringIO(reference["sample"]))

    rows = table.iloc[np.linspace(0, len(table), 2_000, endpoint=False).astype(int)]
    assert sample["sex"].tolist() == rows["sex"].tolist()
    assert (sample[list(NUMBER_NAMES)].to_numpy() == rows[list(NUMBER_NAMES)].to_numpy()).all()
    assert len(sample) == 2_000


def test_reference_is_small_whatever_the_digits_and_the_rows(model: IntervalRegressor, table: pd.DataFrame) -> None:
    many = pd.concat([table] * 5, ignore_index=True)
    many[list(NUMBER_NAMES)] *= np.pi / 3
    predicted = np.tile(np.linspace(5, 20, len(table)), 5)

    reference = reference_distributions(many, {"random": predicted, "new_site": predicted}, model)

    assert len(json.dumps(reference, indent=2)) < LIMIT
    assert reference["rows"] == len(many)


def test_sites_that_differ_show_between_the_blocks(model: IntervalRegressor, table: pd.DataFrame) -> None:
    heavier = np.where(np.arange(len(table)) < len(table) // 2, 1.0, 1.5)
    sites = table.assign(viscera_weight=table["viscera_weight"] * heavier)
    predicted = dict.fromkeys(("random", "new_site"), table["rings"].to_numpy(float))

    as_they_are, differing = (reference_distributions(rows, predicted, model)["blocks"] for rows in (table, sites))

    def between(blocks: dict[str, Any], trait: str) -> float:
        return float(blocks["traits"][trait]["between"])

    assert between(differing, "log_viscera_to_whole") > 5 * between(as_they_are, "log_viscera_to_whole")
    assert between(differing, "length") == between(as_they_are, "length")
    assert set(differing["traits"]) == {*TRAIT_NAMES, "residual"}


def test_blocks_are_contiguous_in_the_order_of_collection_whatever_the_order_of_the_rows(
    model: IntervalRegressor, table: pd.DataFrame
) -> None:
    order = np.random.default_rng(0).permutation(len(table))
    predicted = table["rings"].to_numpy(float)

    ordered, shuffled = (
        reference_distributions(table.iloc[rows], dict.fromkeys(("random", "new_site"), predicted[rows]), model)
        for rows in (np.arange(len(table)), order)
    )

    assert shuffled["sample"] == ordered["sample"]
    between = [blocks["blocks"]["traits"]["log_shell_to_shucked"]["between"] for blocks in (ordered, shuffled)]
    assert between[0] == pytest.approx(between[1])


def test_error_at_a_bound_is_one_on_either_side() -> None:
    errors = relative_errors([10.0, 7.0, 14.0, 8.0], predicted=[8.0] * 4, lower=[7.0] * 4, upper=[10.0] * 4)

    assert errors.tolist() == [1.0, 1.0, 3.0, 0.0]


def test_traits_of_an_animal_without_weight_exist(table: pd.DataFrame) -> None:
    weightless = table.head(3).assign(whole_weight=0.0)

    assert np.isfinite(traits(weightless, [9.0, 9.0, 9.0]).to_numpy()).all()
