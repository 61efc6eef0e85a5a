"""What is found in a window of served animals, what is not, and how it is said."""

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact
from abalone.model.traits import traits
from abalone.pipelines.monitoring.drift import detect_drift
from abalone.pipelines.monitoring.findings import Finding, holm
from abalone.pipelines.monitoring.known_animals import known_traits
from abalone.pipelines.monitoring.units import unit_findings
from abalone.schema import NUMBER_NAMES
from support.project import REPOSITORY
from support.training import survey_table

LENGTHS, WEIGHTS = list(NUMBER_NAMES[:3]), list(NUMBER_NAMES[3:])
OUNCE = 28.349523125
FAULTS = {
    "weights": (WEIGHTS, 1 / OUNCE, "ounces for grams?"),
    "shell_weight": (["shell_weight"], 1 / OUNCE, "ounces for grams?"),
    "lengths": (LENGTHS, 0.1, "centimetres for millimetres?"),
}
"""Columns, by what they are multiplied, and what that is called."""

Detect = Callable[[pd.DataFrame], dict[str, Any]]


@pytest.fixture(scope="module")
def parameters() -> dict[str, Any]:
    text = (REPOSITORY / "conf/base/parameters_monitoring.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)["monitoring"]["drift"]
    return loaded


@pytest.fixture(scope="module")
def model(trained: tuple[object, Artifact]) -> Artifact:
    return trained[1]


@pytest.fixture(scope="module")
def detect(model: Artifact, parameters: dict[str, Any]) -> Detect:
    def predict_and_detect(window: pd.DataFrame) -> dict[str, Any]:
        answered = window.assign(predicted_rings=model.predict(window).rings)
        return detect_drift(answered, answered, model.metadata["reference"], parameters)

    return predict_and_detect


@pytest.fixture
def window() -> pd.DataFrame:
    return survey_table().sample(500, random_state=4).reset_index(drop=True)


def drifted(drift: dict[str, Any], *kinds: str) -> dict[str, str]:
    return {test["name"]: test["detail"] for test in drift["tests"] if test["drifted"] and test["kind"] in kinds}


def test_animals_of_the_sites_known_have_not_drifted(detect: Detect, window: pd.DataFrame) -> None:
    drift = detect(window)

    assert not drift["detected"]
    assert not drift["beyond_new_site"]
    assert drift["findings"] == []


def test_report_lists_every_test_in_json_values(detect: Detect, window: pd.DataFrame) -> None:
    drift = detect(window)

    assert json.loads(json.dumps(drift)) == drift
    assert {test["kind"] for test in drift["tests"]} == {
        *("measurement", "ratio", "sex", "prediction", "joint", "stuck", "unit")
    }
    keys = {"name", "kind", "statistic", "p_value", "threshold", "drifted", "detail"}
    assert all(set(test) == keys for test in drift["tests"])
    assert [test["name"] for test in drift["tests"] if test["kind"] == "measurement"] == list(NUMBER_NAMES)


def test_bigger_animals_are_found_and_told_in_millimetres_and_grams(detect: Detect, window: pd.DataFrame) -> None:
    window[LENGTHS] *= 1.1
    window[WEIGHTS] *= 1.1**3

    drift = detect(window)

    found = drifted(drift, "measurement")
    assert set(found) == set(NUMBER_NAMES)
    assert "larger than in training by 10" in found["length"]
    assert " mm on average (" in found["length"]
    assert " g on average (" in found["shell_weight"]
    assert not drift["beyond_new_site"]
    assert drift["findings"][-1] == "the change is no more than collection sites differ among themselves"


def test_a_rule_read_too_high_is_more_than_a_new_site(detect: Detect, window: pd.DataFrame) -> None:
    window[LENGTHS] *= 1.1

    drift = detect(window)

    assert drift["beyond_new_site"]
    assert "log_density" in drifted(drift, "ratio")


def test_neighbouring_rows_differ_as_sites_do(detect: Detect) -> None:
    drift = detect(survey_table().iloc[:500])

    assert drift["detected"]
    assert not drift["beyond_new_site"]


@pytest.mark.parametrize(
    ("name", "factor", "unit"),
    [
        ("weights", 1 / OUNCE, "weights are about 1/28 of what goes with the other measurements in 500 of 500 rows"),
        ("viscera_weight", 1 / OUNCE, "ounces for grams?"),
        ("weights", 1 / 1000, "kilograms for grams?"),
        ("lengths", 0.1, "lengths are about 1/10 of what goes with the other measurements"),
        ("height", 1 / 25.4, "inches for millimetres?"),
        ("lengths", 200.0, "rows: millimetres that are not divided by 200?"),
        ("lengths", 3.0, "rows: another unit?"),
    ],
)
def test_wrong_unit_is_named(detect: Detect, window: pd.DataFrame, name: str, factor: float, unit: str) -> None:
    columns, known = {"lengths": LENGTHS, "weights": WEIGHTS}.get(name, [name]), survey_table()
    centred = window[columns] * (known[columns].median() / window[columns].median())

    drift = detect(window.assign(**(centred * factor)))

    faults = drifted(drift, "unit")
    assert list(faults) == [name]
    assert unit in faults[name]
    assert drift["findings"][0] == faults[name]


@pytest.mark.parametrize("share", [0.11, 0.25, 0.6])
@pytest.mark.parametrize("name", FAULTS)
def test_wrong_unit_of_some_animals_is_named(detect: Detect, window: pd.DataFrame, share: float, name: str) -> None:
    columns, factor, unit = FAULTS[name]
    window.loc[window.index < share * len(window), columns] *= factor

    faults = drifted(detect(window), "unit")

    assert list(faults) == [name]
    assert faults[name].endswith(unit)


def test_each_of_two_scales_that_show_another_unit_is_named(detect: Detect, window: pd.DataFrame) -> None:
    window[["whole_weight", "shucked_weight"]] /= OUNCE

    faults = drifted(detect(window), "unit")

    assert set(faults) == {"whole_weight", "shucked_weight"}
    assert all(detail.endswith("ounces for grams?") for detail in faults.values())


def test_a_few_animals_that_were_mistyped_are_no_wrong_unit(detect: Detect, window: pd.DataFrame) -> None:
    window.loc[:4, "shell_weight"] *= 10

    assert drifted(detect(window), "unit") == {}


def test_stretch_of_the_survey_is_in_its_unit_wherever_it_begins(model: Artifact, parameters: dict[str, Any]) -> None:
    known = known_traits(model.metadata["reference"])
    survey = traits(survey_table(), 9.0)

    stretches = [survey.iloc[start : start + 100] for start in range(0, len(survey) - 100, 200)]
    found = [unit_findings(stretch, known, parameters["unit"]) for stretch in stretches]

    assert not any(finding.drifted for findings in found for finding in findings)


@pytest.mark.parametrize("factor", [1 / OUNCE, 2.5])
def test_fault_of_a_measurement_leaves_the_animals_unjudged(
    detect: Detect, window: pd.DataFrame, factor: float
) -> None:
    window[WEIGHTS] *= factor

    drift = detect(window)

    assert drift["detected"]
    assert not drift["beyond_new_site"]
    assert not any("site" in finding for finding in drift["findings"])


def test_ratio_changes_by_as_much_as_the_mean_of_the_measurement(detect: Detect, window: pd.DataFrame) -> None:
    window.loc[:299, "whole_weight"] /= OUNCE

    found = drifted(detect(window), "ratio")

    # 200 animals as they are and 300 of 1/28, while the geometric mean is 87 % lower
    assert re.search(r": 5\d% lower than in training on average", found["log_density"])


def test_small_animals_are_no_wrong_unit(detect: Detect, window: pd.DataFrame) -> None:
    window[LENGTHS] /= 3
    window[WEIGHTS] /= 27

    drift = detect(window)

    assert drift["beyond_new_site"]
    assert drifted(drift, "unit") == {}


@pytest.mark.parametrize("name", NUMBER_NAMES)
def test_stuck_sensor_is_named(detect: Detect, window: pd.DataFrame, name: str) -> None:
    window.loc[300:, name] = window[name].iloc[300]

    drift = detect(window)

    assert list(drifted(drift, "stuck", "unit")) == [name]
    assert drift["findings"][0].endswith("a stuck sensor?")
    assert "of 500 rows" in drift["findings"][0]


@pytest.mark.parametrize("columns", [LENGTHS, WEIGHTS], ids=["lengths", "weights"])
def test_stuck_sensors_are_in_no_wrong_unit(detect: Detect, window: pd.DataFrame, columns: list[str]) -> None:
    drift = detect(window.assign(**window.loc[0, columns]))

    assert list(drifted(drift, "stuck", "unit")) == columns


def test_rows_sorted_by_size_are_no_stuck_sensor(detect: Detect, window: pd.DataFrame) -> None:
    drift = detect(window.sort_values("length"))

    assert not drift["detected"]


def test_other_mix_of_sexes_is_found(detect: Detect, window: pd.DataFrame) -> None:
    males = window.index[window["sex"] == "M"]
    window.loc[males[:75], "sex"] = "F"

    found = drifted(detect(window), "sex")

    assert "(37% in training)" in found["sex"]


def test_sexes_mixed_up_are_seen_in_no_single_column_but_jointly(detect: Detect, window: pd.DataFrame) -> None:
    window["sex"] = np.random.default_rng(0).permutation(window["sex"])

    found = drifted(detect(window), "measurement", "ratio", "sex", "joint")

    assert list(found) == ["joint"]


def test_too_few_rows_are_not_tested(detect: Detect, window: pd.DataFrame) -> None:
    drift = detect(window.head(10))

    assert not drift["detected"]
    assert drift["tests"] == []
    assert drift["findings"] == ["10 animals are too few to tell whether they have drifted: it takes 100"]


def test_window_of_any_size_is_tested_alike_twice(detect: Detect, window: pd.DataFrame) -> None:
    large = pd.concat([window] * 21, ignore_index=True)

    assert detect(large) == detect(large)


def test_model_older_than_monitoring_is_refused(
    model: Artifact, window: pd.DataFrame, parameters: dict[str, Any]
) -> None:
    reference = {name: model.metadata["reference"][name] for name in ("numbers", "sex")}

    with pytest.raises(AbaloneError, match=r"no reference\.rows.*train it again"):
        detect_drift(window, window, reference, parameters)


def test_the_number_of_tests_is_paid_for() -> None:
    tests = [Finding(name, "ratio", 0.1, p, 0.0, False, "") for name, p in zip("abc", (0.02, 0.5, 0.03), strict=True)]

    adjusted = holm(tests, alpha=0.06)

    assert [test.p_value for test in adjusted] == pytest.approx([0.06, 0.5, 0.06])
    assert [test.drifted for test in adjusted] == [True, False, True]
