"""Which test rows the champion has not learnt from, whatever split it was trained with."""

import pandas as pd

from abalone.model.artifact import Artifact
from abalone.model.split import HASH_VERSION, train_test_split

REMEDY = "train with the split of the champion{}, or delete champion.json in 06_models to start anew"


def unseen_by(artifact: Artifact, table: pd.DataFrame) -> pd.DataFrame | None:
    """Return the rows that are test rows under the split that an artifact was trained with.

    Args:
        artifact: The model; its metadata describe its split.
        table: Rows with the columns of `schema.COLUMN_NAMES`.

    Returns:
        Some or all of the rows; None if the artifact was split by another hash, so that nobody can tell.
    """
    split = artifact.metadata.get("split")
    if not split or split["hash_version"] != HASH_VERSION:
        return None
    return train_test_split(table, split["test_fraction"], split["random_state"])[1]


def incomparable(champion: Artifact, unseen: pd.DataFrame | None, rows: int, minimum_rows: int) -> str | None:
    """Say why a champion cannot be compared with a model on the test rows that it has not learnt from.

    Args:
        champion: The artifact in service.
        unseen: What `unseen_by` returns for it.
        rows: Number of all test rows.
        minimum_rows: Fewer rows than this decide nothing, if there are more test rows.

    Returns:
        The reason and the remedy in a sentence; None if it can be compared.
    """
    if unseen is None:
        reason = "the champion was trained with another hash of the split and may have learnt from the test rows"
        return f"{reason}: {REMEDY.format('')}"
    if len(unseen) >= min(minimum_rows, rows):
        return None
    split = champion.metadata["split"]
    names = ", ".join(f"feature_engineering.{name}={split[name]}" for name in ("test_fraction", "random_state"))
    return (
        f"the champion may have learnt from all but {len(unseen)} of the {rows} test rows, and at least "
        f"{minimum_rows} are needed to compare: {REMEDY.format(f' ({names})')}"
    )
