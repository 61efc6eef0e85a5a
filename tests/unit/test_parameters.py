import copy
from typing import Any

import pytest
from kedro.config import OmegaConfigLoader

from abalone.errors import AbaloneError
from abalone.parameters import check_parameters
from abalone.settings import CONFIG_LOADER_ARGS
from support.project import REPOSITORY


@pytest.fixture
def parameters() -> dict[str, Any]:
    """The parameters of conf/base."""
    configured: dict[str, Any] = OmegaConfigLoader(str(REPOSITORY / "conf"), **CONFIG_LOADER_ARGS)["parameters"]
    return configured


def test_committed_parameters_are_valid(parameters: dict[str, Any]) -> None:
    unchanged = copy.deepcopy(parameters)

    check_parameters(parameters)

    assert parameters == unchanged


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("training.random_stat", 1, "training.random_stat is not the name of a parameter"),
        ("trainin", {"random_state": 1}, "trainin is not the name of a parameter"),
        ("training.cross_validation.folds", 1, "training.cross_validation.folds = 1: input should be greater"),
        ("training.cross_validation.folds", 2.5, "training.cross_validation.folds = 2.5: input should be a valid"),
        ("training.intervals.level", 2, "training.intervals.level = 2: input should be less than 1"),
        ("training.select_by", "luck", "training.select_by = 'luck': input should be 'random' or 'new_site'"),
        ("feature_engineering.test_fraction", "0.2x", "feature_engineering.test_fraction = '0.2x'"),
        ("feature_engineering.test_fraction", 0, "feature_engineering.test_fraction = 0: input should be greater"),
        ("ingestion.max_quarantined_fraction", -0.1, "ingestion.max_quarantined_fraction = -0.1"),
        ("ingestion.maximum_line_bytes", True, "ingestion.maximum_line_bytes = True"),
        ("evaluation.gate.coverage_tolerance", None, "evaluation.gate.coverage_tolerance = None"),
        ("training.candidates.average", None, "training.candidates.average = None"),
        ("tuning.search_space.kernel.ridge", [1, 2], "tuning.search_space.kernel.ridge = [1, 2]"),
        ("tuning.confirmation.folds", 1, "tuning.confirmation.folds = 1"),
        ("monitoring.window.hours", 1e9, "monitoring.window.hours = 1000000000.0: input should be less than or equal"),
        ("monitoring.window.label_hours", 1e9, "monitoring.window.label_hours = 1000000000.0"),
        ("monitoring.drift.unit.fold", 0.5, "monitoring.drift.unit.fold = 0.5: input should be greater than 1"),
        ("monitoring.window", 24, "monitoring.window = 24: it is a group, so name what is in it, as in monitoring."),
    ],
)
def test_wrong_parameter_is_named(parameters: dict[str, Any], path: str, value: object, message: str) -> None:
    *folders, name = path.split(".")
    section = parameters
    for folder in folders:
        section = section[folder]
    section[name] = value

    with pytest.raises(AbaloneError) as raised:
        check_parameters(parameters)

    assert message in str(raised.value)
    assert "conf/base" in str(raised.value)


def test_missing_parameter_is_named(parameters: dict[str, Any]) -> None:
    del parameters["tuning"]["n_trials"]

    with pytest.raises(AbaloneError, match=r"tuning\.n_trials is missing"):
        check_parameters(parameters)


def test_every_fault_is_told_at_once(parameters: dict[str, Any]) -> None:
    parameters["ingestion"]["parts_tolerance"] = -1
    parameters["training"]["intervals"]["level"] = 1

    with pytest.raises(AbaloneError, match=r"parts_tolerance.*level|level.*parts_tolerance"):
        check_parameters(parameters)
