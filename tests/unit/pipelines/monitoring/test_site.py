"""Whether a new collection site explains what was found."""

from typing import Any

import pytest

from abalone.pipelines.monitoring.site import detect_new_site

REFERENCE = {
    **dict.fromkeys(("rows", "sex", "sample", "errors")),
    "blocks": {"traits": {"residual": {"between": 0.7}}},
}
UNBIASED = {"bias": {"value": 0.1, "lower": -0.1, "upper": 0.3}}
BIASED = {"bias": {"value": -0.6, "lower": -0.8, "upper": -0.4}}


def drift(*drifted: dict[str, Any], beyond: bool = False) -> dict[str, Any]:
    return {"detected": bool(drifted), "beyond_new_site": beyond, "tests": list(drifted), "findings": []}


def entry(name: str, kind: str, p_value: float | None) -> dict[str, Any]:
    return {"name": name, "kind": kind, "p_value": p_value, "drifted": True, "detail": f"{name} differs"}


def test_ratios_that_differ_as_sites_do_tell_a_new_site() -> None:
    found = detect_new_site(
        drift(entry("length", "measurement", 0.01), entry("log_density", "ratio", 0.001)), UNBIASED, REFERENCE
    )

    assert found["new_site"]
    assert found["detail"].endswith("log_density differs; length differs")


@pytest.mark.parametrize("performance", [None, UNBIASED])
def test_no_drift_and_no_bias_tell_none(performance: Any) -> None:
    same = {**entry("length", "measurement", 0.5), "drifted": False}

    found = detect_new_site({**drift(), "tests": [same]}, performance, REFERENCE)

    assert found == {"new_site": False, "detail": "the animals are like those of the sites in the training data"}


@pytest.mark.parametrize("performance", [None, UNBIASED])
def test_too_few_animals_to_test_are_like_none(performance: Any) -> None:
    found = detect_new_site(drift(), performance, REFERENCE)

    assert found == {"new_site": False, "detail": "there are too few animals to tell"}


def test_labels_tell_a_site_that_no_measurement_shows() -> None:
    found = detect_new_site(drift(), BIASED, REFERENCE)

    assert found["new_site"]
    assert "0.60 rings fewer than predicted, where sites differ by 0.70 typically" in found["detail"]


def test_more_than_sites_differ_is_no_new_site() -> None:
    found = detect_new_site(drift(entry("length", "measurement", 0.0), beyond=True), BIASED, REFERENCE)

    assert not found["new_site"]


def test_fault_of_a_measurement_says_nothing_about_the_site() -> None:
    found = detect_new_site(drift(entry("height", "stuck", None)), None, REFERENCE)

    assert not found["new_site"]
    assert "at fault" in found["detail"]
