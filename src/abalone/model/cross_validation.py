"""Out-of-fold predictions of every candidate under two protocols.

`random` asks how well the model does on more animals from known collection sites; `new_site`, which leaves out
contiguous blocks of rows in collection order, how well it does at a site that it has never seen.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.model_selection import KFold
from sklearn.pipeline import Pipeline

from abalone.errors import AbaloneError
from abalone.model.candidates import WHERE, Candidates, build_estimator, fitting, members
from abalone.model.progress import progress
from abalone.model.threads import threads_for
from abalone.schema import RINGS

Floats = NDArray[np.float64]
OutOfFold = dict[str, pd.DataFrame]
"""For each protocol the predictions: one row a row of the table, one column a candidate, and the column FOLD."""

RANDOM, NEW_SITE = "random", "new_site"
FOLD = "fold"


def fold_numbers(table: pd.DataFrame, folds: int, blocks: int, random_state: int) -> dict[str, NDArray[np.intp]]:
    """Give each row its fold under each protocol.

    Args:
        table: Measurements with `batch` and `line`, whose order is the order of collection.
        folds: Number of random folds.
        blocks: Number of contiguous blocks.
        random_state: Seed of the random folds.

    Returns:
        For each protocol the number of the fold, shape (rows,).

    Raises:
        AbaloneError: If there are fewer rows than folds or blocks.
    """
    rows = len(table)
    if rows < max(folds, blocks):
        raise AbaloneError(
            f"the train table has {rows} rows, too few for {folds} folds and {blocks} blocks: add measurements, or "
            "lower training.cross_validation"
        )
    numbers = {protocol: np.empty(rows, dtype=np.intp) for protocol in (RANDOM, NEW_SITE)}
    for fold, (_, held_out) in enumerate(KFold(folds, shuffle=True, random_state=random_state).split(table)):
        numbers[RANDOM][held_out] = fold
    collection_order = np.lexsort((table["line"], table["batch"]))
    for block, held_out in enumerate(np.array_split(collection_order, blocks)):
        numbers[NEW_SITE][held_out] = block
    return numbers


def cross_validate(
    table: pd.DataFrame, candidates: Candidates, folds: Mapping[str, NDArray[np.intp]], random_state: int
) -> OutOfFold:
    """Predict every row by models that were fitted without its fold.

    An average needs no fits of its own: its predictions are the mean of those of its members.

    Args:
        table: Measurements and rings.
        candidates: The candidates of the parameters.
        folds: As `fold_numbers` gives them.
        random_state: Seed of the estimators.

    Raises:
        AbaloneError: If a candidate is misconfigured or cannot be fitted; the message names it.
    """
    averaged = {name: members(candidates, name) for name in candidates}
    singles = {
        name: build_estimator(candidates, name, random_state) for name in candidates if averaged[name] == (name,)
    }
    results = {protocol: pd.DataFrame({FOLD: numbers}, index=table.index) for protocol, numbers in folds.items()}
    with threads_for(len(table)), progress("Cross-validating", len(singles) * len(folds)) as advance:
        for name, estimator in singles.items():
            for protocol, numbers in folds.items():
                with fitting(f"{WHERE}.{name}"):
                    results[protocol][name] = out_of_fold(estimator, table, numbers)
                advance(f"{name}, {protocol} folds")
    for name in candidates:
        for result in results.values():
            result[name] = result[list(averaged[name])].mean(axis=1)
    return results


def out_of_fold(estimator: Pipeline, table: pd.DataFrame, numbers: NDArray[np.intp]) -> Floats:
    """Predict every row by a model that was fitted without its fold.

    The features are computed once for all folds, which changes nothing: those of a row depend on that row alone.

    Args:
        estimator: The features and a regressor.
        table: Measurements and rings.
        numbers: Fold of each row, shape (rows,).

    Returns:
        Predicted rings, shape (rows,).
    """
    features, model = estimator[:-1].fit_transform(table), estimator[-1]
    actual, predicted = table[RINGS.name].to_numpy(dtype=np.float64), np.empty(len(table))
    for fold in np.unique(numbers):
        held_out = numbers == fold
        model.fit(features[~held_out], actual[~held_out])
        predicted[held_out] = model.predict(features[held_out])
    return predicted


def fold_errors(table: pd.DataFrame, predicted: Floats, numbers: NDArray[np.intp]) -> Floats:
    """Return the mean squared error of each fold, shape (folds,), in squared rings."""
    squares = np.square(table[RINGS.name].to_numpy(dtype=np.float64) - predicted)
    return np.bincount(numbers, weights=squares) / np.bincount(numbers)


def score_candidates(table: pd.DataFrame, predicted_by: OutOfFold) -> pd.DataFrame:
    """Score the pooled out-of-fold predictions.

    Returns:
        One row a protocol and candidate: rows, folds, rmse and its standard error, mae (all in rings), r2. The
        standard error comes from the spread of the squared error between folds.
    """
    actual = table[RINGS.name].to_numpy(dtype=np.float64)
    scores = []
    for protocol, predictions in predicted_by.items():
        for name in predictions.columns.drop(FOLD):
            predicted = predictions[name].to_numpy()
            errors = fold_errors(table, predicted, predictions[FOLD].to_numpy())
            rmse = float(root_mean_squared_error(actual, predicted))
            scores.append(
                {
                    "candidate": name,
                    "protocol": protocol,
                    "rows": len(actual),
                    "folds": len(errors),
                    "rmse": rmse,
                    "rmse_standard_error": float(errors.std(ddof=1) / np.sqrt(len(errors)) / (2.0 * rmse)),
                    "mae": float(mean_absolute_error(actual, predicted)),
                    "r2": float(r2_score(actual, predicted)),
                }
            )
    return pd.DataFrame(scores)


def best_candidate(scores: pd.DataFrame, protocol: str) -> str:
    """Return the candidate with the lowest RMSE under a protocol, ties being decided by the other protocol.

    A tie is what is within one standard error of the lowest (the one-standard-error rule of Breiman et al., 1984):
    where animals of known sites cannot tell candidates apart, those of new sites may.

    Raises:
        AbaloneError: If there is no such protocol.
    """
    by_protocol = {name: rows.set_index("candidate") for name, rows in scores.groupby("protocol", sort=False)}
    if protocol not in by_protocol:
        known = ", ".join(map(str, by_protocol))
        raise AbaloneError(f"parameter training.select_by: {protocol!r} is no protocol; choose one of {known}")
    ranked = by_protocol[protocol].sort_values("rmse", kind="stable")
    ties = ranked.index[ranked["rmse"] <= ranked["rmse"].iloc[0] + ranked["rmse_standard_error"].iloc[0]]
    (other,) = (rows for name, rows in by_protocol.items() if name != protocol)
    return str(other.loc[ties, "rmse"].idxmin())
