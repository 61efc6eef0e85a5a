"""Nodes of the tuning pipeline."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abalone.errors import AbaloneError
from abalone.model.candidates import build_estimator, fitting, with_tuned
from abalone.model.cross_validation import RANDOM, fold_errors, fold_numbers, out_of_fold
from abalone.model.provenance import table_digest
from abalone.model.threads import threads_for
from abalone.pipelines.tuning.confirmation import is_confirmed
from abalone.pipelines.tuning.interrupt import stoppable
from abalone.pipelines.tuning.search_space import check_search_space
from abalone.pipelines.tuning.study import improvement, open_study, run_trials


def search_hyperparameters(
    train_table: pd.DataFrame, training: dict[str, Any], tuning: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Search each candidate's space, and keep the best values where they are better by more than noise.

    The best of many trials owes something to luck on the folds of the search, so it is confirmed on others.
    Finished trials are kept in a file: after Ctrl-C or SIGTERM the best so far count, and the next run goes on.

    Args:
        train_table: Measurements and rings, with batch and line.
        training: Parameters of the training pipeline; its candidates are where the search starts.
        tuning: Parameters of this pipeline.

    Returns:
        For each candidate that got better, its hyper-parameters.

    Raises:
        AbaloneError: If the parameters are wrong, or Optuna is not installed.
    """
    candidates, seed, spaces = training["candidates"], training["random_state"], tuning["search_space"]
    for name, space in spaces.items():
        check_search_space(space, candidates.get(name), f"tuning.search_space.{name}")
        build_estimator(with_tuned(candidates, {name: space}), name, seed)
    if tuning["confirmation"]["random_state"] == seed:
        raise AbaloneError(
            "parameters tuning.confirmation.random_state is that of training, whose folds are searched on: change it"
        )
    numbers = fold_numbers(train_table, **training["cross_validation"], random_state=seed)[RANDOM]
    data = table_digest(train_table)
    studies = {
        name: open_study(
            Path(tuning["storage"]),
            name,
            [data, candidates[name], space, training["cross_validation"]["folds"], seed],
            tuning["random_state"],
        )
        for name, space in spaces.items()
    }

    def errors_of(name: str, numbers: NDArray[np.intp], values: dict[str, Any]) -> NDArray[np.float64]:
        estimator = build_estimator(with_tuned(candidates, {name: values}), name, seed)
        with fitting(f"parameters tuning.search_space.{name} or training.candidates.{name}"):
            return fold_errors(train_table, out_of_fold(estimator, train_table, numbers), numbers)

    with stoppable("tuning") as stop, threads_for(len(train_table)):
        for name, study in studies.items():
            run_trials(
                study,
                stop.allowed()(partial(errors_of, name, numbers)),
                spaces[name],
                {key: candidates[name][key] for key in spaces[name] if key in candidates[name]},
                n_trials=tuning["n_trials"],
                timeout_seconds=tuning["timeout_seconds"],
            )
    best = {name: values for name, study in studies.items() if (values := improvement(study))}
    fresh = fold_numbers(train_table, tuning["confirmation"]["folds"], 1, tuning["confirmation"]["random_state"])[
        RANDOM
    ]
    with threads_for(len(train_table)):
        return {
            name: values
            for name, values in best.items()
            if is_confirmed(name, errors_of(name, fresh, {}), errors_of(name, fresh, values))
        }
