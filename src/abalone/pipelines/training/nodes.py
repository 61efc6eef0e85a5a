"""Nodes of the training pipeline."""

import logging
from typing import Any

import numpy as np
import pandas as pd

from abalone.model.artifact import Artifact
from abalone.model.candidates import WHERE, Candidates, build_estimator, fitting, members, with_tuned
from abalone.model.cross_validation import (
    RANDOM,
    OutOfFold,
    best_candidate,
    cross_validate,
    fold_numbers,
    score_candidates,
)
from abalone.model.export import export_artifact
from abalone.model.intervals import IntervalRegressor, fit_intervals
from abalone.model.reference import reference_distributions
from abalone.model.threads import threads_for
from abalone.schema import RINGS

logger = logging.getLogger(__name__)


def tune_candidates(candidates: Candidates, tuned_hyperparameters: Candidates | None) -> Candidates:
    """Override the hyper-parameters of the candidates by those that the tuning pipeline found, if it ran."""
    return with_tuned(candidates, tuned_hyperparameters)


def cross_validate_candidates(
    train_table: pd.DataFrame, candidates: Candidates, parameters: dict[str, Any]
) -> OutOfFold:
    """Predict every train row by models that did not know it, for each protocol and candidate."""
    folds = fold_numbers(train_table, **parameters["cross_validation"], random_state=parameters["random_state"])
    return cross_validate(train_table, candidates, folds, parameters["random_state"])


def score(train_table: pd.DataFrame, out_of_fold: OutOfFold) -> pd.DataFrame:
    """Score every candidate under every protocol."""
    return score_candidates(train_table, out_of_fold)


def select_candidate(cross_validation: pd.DataFrame, select_by: str) -> str:
    """Select the candidate with the lowest RMSE under the given protocol; the other protocol decides ties."""
    selected = best_candidate(cross_validation, select_by)
    rmse = cross_validation.set_index(["candidate", "protocol"])["rmse"]
    logger.info("selected %s: RMSE %.3f rings (%s folds)", selected, rmse[selected, select_by], select_by)
    return selected


def fit_model(
    train_table: pd.DataFrame, candidates: Candidates, selected_candidate: str, parameters: dict[str, Any]
) -> Any:
    """Fit the selected candidate on the whole train table."""
    estimator = build_estimator(candidates, selected_candidate, parameters["random_state"])
    with threads_for(len(train_table)), fitting(f"{WHERE}.{selected_candidate}"):
        return estimator.fit(train_table, train_table[RINGS.name].to_numpy(dtype=np.float64))


def fit_model_intervals(
    train_table: pd.DataFrame,
    point_model: Any,
    out_of_fold: OutOfFold,
    selected_candidate: str,
    parameters: dict[str, Any],
) -> IntervalRegressor:
    """Calibrate the intervals on the errors of the out-of-fold predictions."""
    residuals = train_table[RINGS.name] - out_of_fold[RANDOM][selected_candidate]
    with threads_for(len(train_table)):
        return fit_intervals(
            point_model,
            train_table,
            residuals.to_numpy(dtype=np.float64),
            **parameters["intervals"],
            random_state=parameters["random_state"],
        )


def export_model(
    *,
    train_table: pd.DataFrame,
    interval_model: IntervalRegressor,
    out_of_fold: OutOfFold,
    cross_validation: pd.DataFrame,
    candidates: Candidates,
    selected_candidate: str,
    parameters: dict[str, Any],
    test_fraction: float,
    split_random_state: int,
) -> Artifact:
    """Make the artifact: the model and all that there is to know about it."""
    of_selected = cross_validation[cross_validation["candidate"] == selected_candidate].drop(columns="candidate")
    return export_artifact(
        interval_model,
        train_table,
        name=selected_candidate,
        parameters=parameters,
        hyperparameters={name: dict(candidates[name]) for name in members(candidates, selected_candidate)},
        cross_validation={row.pop("protocol"): row for row in of_selected.to_dict(orient="records")},
        reference=reference_distributions(
            train_table,
            {protocol: predicted[selected_candidate] for protocol, predicted in out_of_fold.items()},
            interval_model,
        ),
        split={"test_fraction": test_fraction, "random_state": split_random_state},
    )
