"""The search: stopped, resumed, and what it hands on."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pandas as pd
import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.runner import SequentialRunner

from abalone.errors import AbaloneError
from abalone.pipelines.tuning import create_pipeline
from abalone.pipelines.tuning.confirmation import is_confirmed
from abalone.pipelines.tuning.interrupt import stoppable
from abalone.pipelines.tuning.search_space import check_search_space
from abalone.pipelines.tuning.study import FOLD_ERRORS, finished_trials, improvement, open_study
from support.project import REPOSITORY

TRAINING: dict[str, Any] = {
    "random_state": 0,
    "cross_validation": {"folds": 4, "blocks": 3},
    "candidates": {"kernel": {"estimator": "kernel", "landmarks": 40, "ridge": 1e5}, "mean": {"estimator": "mean"}},
}
SPACE = {"ridge": {"low": 0.1, "high": 1e5, "log": True}, "landmarks": {"low": 20, "high": 60}}


def tuning(directory: Path, **changes: Any) -> dict[str, Any]:
    return {
        "random_state": 0,
        "storage": str(directory / "new" / "study.sqlite3"),
        "n_trials": 6,
        "timeout_seconds": 60,
        "confirmation": {"folds": 5, "random_state": 1},
        "search_space": {"kernel": SPACE},
        **changes,
    }


@pytest.fixture(scope="module")
def train_table() -> pd.DataFrame:
    rows = pd.read_csv(REPOSITORY / "data/01_raw/landing/uci_abalone.csv")
    return rows.assign(batch="uci_abalone", line=np.arange(len(rows)) + 2, flags="")[::10].reset_index(drop=True)


def search(table: pd.DataFrame, parameters: dict[str, Any], training: dict[str, Any] = TRAINING) -> dict[str, Any]:
    inputs = {"train_table": table, "params:training": training, "params:tuning": parameters}
    catalog = DataCatalog(
        {name: MemoryDataset(value) for name, value in inputs.items()} | {"tuned_hyperparameters": MemoryDataset()}
    )
    SequentialRunner().run(create_pipeline(), catalog)
    return catalog.load("tuned_hyperparameters")


def trials(parameters: dict[str, Any]) -> list[list[Any]]:
    storage = f"sqlite:///{parameters['storage']}"
    names = optuna.get_all_study_names(storage)
    return [finished_trials(optuna.load_study(study_name=name, storage=storage)) for name in names]


def test_values_that_are_better_by_more_than_noise_are_handed_on(train_table: pd.DataFrame, tmp_path: Path) -> None:
    tuned = search(train_table, tuning(tmp_path))

    assert set(tuned) == {"kernel"}
    assert tuned["kernel"]["ridge"] < 1e4
    assert isinstance(tuned["kernel"]["landmarks"], int)


def test_search_starts_from_the_values_in_use(train_table: pd.DataFrame, tmp_path: Path) -> None:
    parameters = tuning(tmp_path, n_trials=1)

    assert search(train_table, parameters) == {}
    assert trials(parameters)[0][0].params == {"ridge": 1e5, "landmarks": 40}


def test_finished_trials_of_earlier_runs_count(
    train_table: pd.DataFrame, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    search(train_table, tuning(tmp_path, n_trials=3))
    caplog.set_level("INFO")
    parameters = tuning(tmp_path, n_trials=5)

    search(train_table, parameters)

    (study,) = trials(parameters)
    assert len(study) == 5
    assert len({trial.params["ridge"] for trial in study}) == 5
    assert any("resumed after 3 trials" in message for message in caplog.messages)


def test_other_data_begin_a_study_of_their_own(train_table: pd.DataFrame, tmp_path: Path) -> None:
    parameters = tuning(tmp_path, n_trials=2)
    search(train_table, parameters)

    search(train_table[:-1], parameters)

    assert [len(study) for study in trials(parameters)] == [2, 2]


def finished_count(storage: Path) -> int:
    """Finished trials of a study that another process may be creating: Optuna would race it to create the tables."""
    if not storage.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{storage}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT COUNT(*) FROM trials WHERE state = 'COMPLETE'").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_stopped_search_keeps_what_was_done_and_the_next_run_goes_on(
    train_table: pd.DataFrame, tmp_path: Path, stop: signal.Signals
) -> None:
    parameters = tuning(tmp_path, n_trials=100_000)
    train_table.to_csv(tmp_path / "table.csv", index=False)
    code = (
        "import json, logging, sys, pandas\n"
        "from abalone.pipelines.tuning.nodes import search_hyperparameters\n"
        "logging.basicConfig(level=logging.INFO)\n"
        "training, tuning = json.loads(sys.argv[2])\n"
        "print(json.dumps(search_hyperparameters(pandas.read_csv(sys.argv[1]), training, tuning)))\n"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path / "table.csv"), json.dumps([TRAINING, parameters])]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while finished_count(Path(parameters["storage"])) < 3:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.2)

    process.send_signal(stop)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 0, err
    assert "tuning stopped early; what was done is kept" in err
    assert "Traceback" not in err
    assert "[W " not in err
    assert "kernel" in json.loads(out.splitlines()[-1])
    done = len(trials(parameters)[0])
    assert done >= 3
    search(train_table, {**parameters, "n_trials": done + 2})
    assert len(trials(parameters)[0]) == done + 2


def study_of(tmp_path: Path, errors: list[list[float]]) -> Any:
    study = open_study(tmp_path / "study.sqlite3", "made-up", [], random_state=0)
    for values in errors:
        trial = study.ask()
        trial.suggest_float("ridge", 0.0, 1.0)
        trial.set_user_attr(FOLD_ERRORS, values)
        study.tell(trial, float(np.sqrt(np.mean(values))))
    return study


def test_gain_within_the_noise_is_not_handed_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    assert improvement(study_of(tmp_path, [[4.0, 4.0, 4.0, 4.0], [3.0, 4.9, 4.9, 3.0]])) == {}
    assert "no trial of 2 beats the values in use by more than noise" in caplog.text


def test_steady_gain_is_handed_on(tmp_path: Path) -> None:
    study = study_of(tmp_path, [[4.0, 5.0, 3.0, 4.0], [3.9, 4.8, 2.9, 3.8]])

    assert improvement(study) == study.best_params


def test_study_without_a_finished_trial_hands_on_nothing(tmp_path: Path) -> None:
    assert improvement(study_of(tmp_path, [])) == {}


def test_interrupt_ends_the_block_and_restores_the_handler(caplog: pytest.LogCaptureFixture) -> None:
    before = signal.getsignal(signal.SIGTERM)

    with stoppable("the search") as stop, stop.allowed():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
        pytest.fail("was not stopped")

    assert signal.getsignal(signal.SIGTERM) is before
    assert "the search stopped early" in caplog.text


def test_interrupt_waits_until_the_block_may_be_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    written = []

    with stoppable("the search") as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.01)
        written.append("the transaction")
        with stop.allowed():
            pytest.fail("was not stopped")

    assert written == ["the transaction"]
    assert "the search stopped early" in caplog.text


@pytest.mark.parametrize(
    "values",
    [
        {"low": 1.0},
        {"low": 2, "high": 1},
        {"low": 0.0, "high": 1.0, "log": True},
        {"low": 0.1, "high": 1.0, "log": "yes"},
        {"low": "abc", "high": 1.0},
        {"low": 0.1, "high": None},
        {"low": float("nan"), "high": 1.0},
        {"low": False, "high": True},
        {"choices": []},
        {"choices": "abc"},
        {"choices": 3},
        {"step": 1},
        [0.1, 1.0],
        None,
    ],
)
def test_range_that_is_none_is_an_error_that_names_the_key(values: Any) -> None:
    with pytest.raises(AbaloneError, match=r"tuning\.search_space\.kernel\.ridge: give low and high"):
        check_search_space({"ridge": values}, {}, "tuning.search_space.kernel")


def test_space_that_is_no_mapping_is_an_error() -> None:
    with pytest.raises(AbaloneError, match=r"tuning\.search_space\.kernel = 3: give hyper-parameters"):
        check_search_space(3, {}, "tuning.search_space.kernel")


def test_choices_without_the_value_in_use_are_an_error(train_table: pd.DataFrame, tmp_path: Path) -> None:
    parameters = tuning(tmp_path, search_space={"kernel": {"ridge": {"choices": [0.1, 1.0]}}})

    with pytest.raises(AbaloneError, match=r"search_space\.kernel\.ridge\.choices: add 100000\.0"):
        search(train_table, parameters)


def test_value_that_the_estimator_refuses_is_an_error_that_says_where_it_stands(
    train_table: pd.DataFrame, tmp_path: Path
) -> None:
    parameters = tuning(tmp_path, search_space={"kernel": {"ridge": {"low": -2.0, "high": -1.0}}})
    training = {**TRAINING, "candidates": {"kernel": {"estimator": "kernel", "landmarks": 40}}}

    with pytest.raises(
        AbaloneError, match=r"tuning\.search_space\.kernel or .* cannot be fitted: ridge == -.*, must be >= 0"
    ):
        search(train_table, parameters, training)


def test_search_and_confirmation_on_the_same_folds_are_an_error(train_table: pd.DataFrame, tmp_path: Path) -> None:
    parameters = tuning(tmp_path, confirmation={"folds": 4, "random_state": TRAINING["random_state"]})

    with pytest.raises(AbaloneError, match=r"tuning\.confirmation\.random_state .* change it"):
        search(train_table, parameters)


def test_winner_on_the_folds_of_the_search_that_loses_on_others_is_not_handed_on(
    train_table: pd.DataFrame, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    # Which rows are the landmarks is luck and little else.
    candidates = {"kernel": {"estimator": "kernel", "landmarks": 100, "random_state": 0}}
    space = {"kernel": {"random_state": {"low": 0, "high": 1000}}}

    tuned = search(
        train_table,
        tuning(tmp_path, search_space=space, n_trials=25),
        {**TRAINING, "candidates": candidates},
    )

    assert "to be confirmed" in caplog.text
    assert "on folds that the search has not seen: not better by more than noise" in caplog.text
    assert tuned == {}


def test_gain_is_confirmed_beyond_one_corrected_standard_error() -> None:
    gains = np.array([0.0, 1.0, 2.0, 3.0])
    standard_error = gains.std(ddof=1) * np.sqrt(1 / 4 + 1 / 3)
    current = 10.0 + gains - gains.mean()

    assert is_confirmed("kernel", current + 1.01 * standard_error, np.full(4, 10.0))
    assert not is_confirmed("kernel", current + 0.99 * standard_error, np.full(4, 10.0))


def test_choices_are_searched(train_table: pd.DataFrame, tmp_path: Path) -> None:
    parameters = tuning(tmp_path, search_space={"kernel": {"ridge": {"choices": [0.1, 1e5]}}})

    assert search(train_table, parameters)["kernel"] == {"ridge": 0.1}


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({"forest": SPACE}, r"has values for \['forest'\], which parameters training\.candidates does not have"),
        ({"mean": {"depth": {"low": 1, "high": 2}}}, r"training\.candidates\.mean\.depth: mean has no such"),
    ],
)
def test_space_of_something_that_is_not_there_is_an_error_before_the_search(
    train_table: pd.DataFrame, tmp_path: Path, space: dict[str, Any], message: str
) -> None:
    parameters = tuning(tmp_path, search_space=space)

    with pytest.raises(AbaloneError, match=message):
        search(train_table, parameters)

    assert not Path(parameters["storage"]).exists()


def test_missing_optuna_is_an_error_that_says_how_to_get_it(
    train_table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)

    with pytest.raises(AbaloneError, match="run `make tune`"):
        search(train_table, tuning(tmp_path))
