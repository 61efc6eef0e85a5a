"""Optuna studies in one SQLite file: every finished trial is kept, whatever stops the search."""

import hashlib
import importlib
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abalone.errors import AbaloneError
from abalone.model.progress import progress
from abalone.pipelines.tuning.search_space import SearchSpace, suggest

logger = logging.getLogger(__name__)

Objective = Callable[[dict[str, Any]], NDArray[np.float64]]
"""From hyper-parameters to the mean squared error of each fold, shape (folds,)."""

FOLD_ERRORS = "fold_errors"
"""Attribute of a trial: what the objective returned."""


def import_optuna() -> Any:
    """Import Optuna, which only tuning needs.

    Raises:
        AbaloneError: If it is not installed.
    """
    try:
        optuna = importlib.import_module("optuna")
    except ImportError as error:
        raise AbaloneError(
            "tuning needs Optuna: run `make tune`, which installs it, or install abalone[tuning]"
        ) from error
    # Each trial is one line of our log; Optuna would add a traceback when it is interrupted.
    optuna.logging.disable_default_handler()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def open_study(storage: Path, name: str, comparable: object, random_state: int) -> Any:
    """Open the study of a candidate, or begin it.

    Args:
        storage: The SQLite file.
        name: The candidate.
        comparable: What has to be the same for trials to be comparable (JSON values): other data or parameters
            get a study of their own.
        random_state: Seed of the sampler.

    Raises:
        AbaloneError: If Optuna is not installed.
    """
    optuna = import_optuna()
    storage.parent.mkdir(parents=True, exist_ok=True)
    fingerprint = hashlib.sha256(json.dumps(comparable, sort_keys=True).encode()).hexdigest()[:12]
    study = optuna.create_study(storage=f"sqlite:///{storage}", study_name=f"{name}-{fingerprint}", load_if_exists=True)
    # A resumed sampler would repeat its first random values with the same seed.
    study.sampler = optuna.samplers.TPESampler(seed=random_state + len(study.trials))
    return study


def run_trials(
    study: Any,
    objective: Objective,
    space: SearchSpace,
    start: dict[str, Any],
    *,
    n_trials: int,
    timeout_seconds: float,
) -> None:
    """Go on until the study has the given number of finished trials, or the time is over.

    Args:
        study: New or resumed.
        objective: What to minimise the mean of.
        space: Where to search.
        start: Hyper-parameters of the first trial: those that are used now.
        n_trials: Finished trials, those of earlier runs included.
        timeout_seconds: Time for this run.
    """
    finished = len(finished_trials(study))
    if not finished:
        study.enqueue_trial(start)
    else:
        logger.info("study %s: resumed after %d trials", study.study_name, finished)

    def evaluate(trial: Any) -> float:
        errors = objective(suggest(trial, space))
        trial.set_user_attr(FOLD_ERRORS, errors.tolist())
        return float(np.sqrt(errors.mean()))

    remaining = max(n_trials - finished, 0)
    with progress(f"Tuning {study.study_name}", remaining) as advance:
        study.optimize(
            evaluate,
            n_trials=remaining,
            timeout=timeout_seconds,
            callbacks=[lambda _, trial: advance(_summary(study, trial))],
        )


def _summary(study: Any, trial: Any) -> str:
    return f"trial {trial.number}: RMSE {trial.value:.4f} rings, best {study.best_value:.4f}"


def finished_trials(study: Any) -> list[Any]:
    """Return the trials that have a result, in the order in which they began."""
    return [trial for trial in study.trials if trial.state.name == "COMPLETE"]


def improvement(study: Any) -> dict[str, Any]:
    """Return the best hyper-parameters, or {} if they are not better than the first trial's by more than noise.

    Noise is one standard error of the difference of the squared errors, fold by fold.
    """
    trials = finished_trials(study)
    if not trials:
        return {}
    first, best = trials[0], min(trials, key=lambda trial: float(trial.value))
    gains = np.subtract(first.user_attrs[FOLD_ERRORS], best.user_attrs[FOLD_ERRORS])
    noise = gains.std(ddof=1) / np.sqrt(len(gains))
    if best is first or gains.mean() <= noise:
        logger.info(
            "study %s: no trial of %d beats the values in use by more than noise", study.study_name, len(trials)
        )
        return {}
    logger.info("study %s: RMSE %.4f instead of %.4f rings, to be confirmed", study.study_name, best.value, first.value)
    return dict(best.params)
