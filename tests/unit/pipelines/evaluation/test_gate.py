import re

import numpy as np
import pandas as pd
import pytest

from abalone.model.artifact import Artifact
from abalone.pipelines.evaluation.comparison import compare_at_new_site, compare_with_rivals
from abalone.pipelines.evaluation.gate import decide
from abalone.pipelines.evaluation.promise import measure_promise
from abalone.pipelines.evaluation.scores import score

ROWS = 834


def predictions(error=2.0, *, covered=0.9, rows=ROWS, seed=0):
    """Predictions whose RMSE is `error` rings, and whose intervals contain the share `covered` of the counts."""
    rng = np.random.default_rng(0)
    rings = rng.poisson(10.0, rows)
    noise = np.random.default_rng(seed).normal(0.0, 1.0, rows)
    predicted = rings + error * noise / np.sqrt(np.mean(noise**2))
    reach = np.where(np.arange(rows) < covered * rows, np.abs(rings - predicted) + 0.1, 0.0)
    return pd.DataFrame(
        {
            "batch": "survey",
            "line": np.arange(2, rows + 2),
            "sex": rng.choice(["M", "F", "I"], rows),
            "rings": rings,
            "predicted": predicted,
            "lower": predicted - reach,
            "upper": predicted + reach,
        }
    )


def promising(rmse):
    """An artifact that promised this RMSE, and 90 % intervals."""
    return Artifact(b"", b"", {"cross_validation": {"random": {"rmse": rmse}}, "intervals": {"level": 0.9}})


@pytest.fixture
def gate(parameters):
    """Decides on predictions; a champion and the model promised `promised` rings of RMSE, which is easy to keep."""

    def run(model, *, baseline=None, champion=None, level=0.9, promised=(9.0, 9.0)):
        baseline = predictions(3.0, rows=len(model), seed=1) if baseline is None else baseline
        metrics = score(model, parameters["age_bands"], parameters["bootstrap"])
        compared = compare_with_rivals(metrics, model, {"linear": baseline}, champion, parameters)
        if champion is not None:
            own = model.loc[champion.index]
            sides = {"champion": (promised[0], champion), "model": (promised[1], own)}
            compared["against"]["champion"] |= {
                **compare_at_new_site(own, champion, 10, parameters),
                "promises": {
                    side: measure_promise(promising(rmse), rows, parameters) for side, (rmse, rows) in sides.items()
                },
            }
        return decide(compared, level, parameters["gate"])

    return run


def failed(decision):
    return [check["name"] for check in decision["checks"] if not check["passed"]]


def test_good_model_without_champion_passes(gate):
    decision = gate(predictions(2.0))

    assert decision["passed"] is True
    assert [check["name"] for check in decision["checks"]] == ["beats_linear", "beats_champion", "coverage_in_range"]
    assert "no champion yet: nothing to beat" in decision["reasons"]
    assert "RMSE 2.000 rings against 3.000 rings" in decision["reasons"][0]


def test_model_worse_than_a_baseline_fails(gate):
    decision = gate(predictions(2.0), baseline=predictions(1.9, seed=1))

    assert failed(decision) == ["beats_linear"]
    assert decision["reasons"] == ["no better than the baseline 'linear': RMSE 2.000 rings against 1.900 rings"]


def test_model_equal_to_a_baseline_fails(gate):
    assert failed(gate(predictions(2.0), baseline=predictions(2.0))) == ["beats_linear"]


def test_model_that_beats_the_champion_clearly_passes(gate):
    decision = gate(predictions(1.8), champion=predictions(2.4, seed=2))

    assert decision["passed"] is True
    assert any(
        reason.startswith("better than the champion: RMSE 1.800 rings against 2.400") for reason in decision["reasons"]
    )


def test_model_that_beats_the_champion_by_noise_only_fails(gate):
    # Independent errors of 2.00 and 2.02 rings: the RMSE of 834 animals is uncertain by more than the difference.
    decision = gate(predictions(2.0), champion=predictions(2.02, seed=2))

    assert failed(decision) == ["beats_champion"]
    assert "not better than the champion by more than noise" in decision["reasons"][0]


def test_small_but_certain_improvement_passes(gate):
    # The same errors, only smaller: paired, the difference is certain.
    assert gate(predictions(1.96), champion=predictions(2.0))["passed"] is True


def test_model_worse_than_the_champion_fails(gate):
    decision = gate(predictions(2.4), champion=predictions(1.8, seed=2))

    assert failed(decision) == ["beats_champion", "holds_at_new_site"]


def scaled(rows, factor, where):
    """The same predictions, with the errors in some places scaled."""
    changed = np.where(where, rows["rings"] + factor * (rows["predicted"] - rows["rings"]), rows["predicted"])
    return rows.assign(predicted=changed)


def test_model_that_is_better_at_one_site_and_no_worse_at_the_others_passes(gate):
    champion = predictions(2.0)

    decision = gate(scaled(champion, 0.5, np.arange(ROWS) >= 0.8 * ROWS), champion=champion)

    assert decision["passed"] is True
    (detail,) = [check["detail"] for check in decision["checks"] if check["name"] == "holds_at_new_site"]
    assert detail.startswith("not worse at a new site by more than noise: between 10 stretches of the survey")


def test_model_that_wins_at_one_site_and_loses_at_the_others_fails(gate):
    champion = predictions(2.0)
    at_home = np.arange(ROWS) >= 0.8 * ROWS
    model = scaled(scaled(champion, 0.1, at_home), 1.06, ~at_home)

    decision = gate(model, champion=champion)

    assert failed(decision) == ["holds_at_new_site"]
    assert decision["reasons"][0].startswith("it may be worse at a new site: ")


def test_model_replaces_a_champion_whose_error_breaks_its_promise(gate):
    model, champion = predictions(2.59, seed=2), predictions(2.6)

    assert "beats_champion" in failed(gate(model, champion=champion))
    decision = gate(model, champion=champion, promised=(2.0, 2.6))

    assert decision["passed"] is True
    names = [check["name"] for check in decision["checks"]]
    assert names == [
        "beats_linear",
        *("champion_breaks_promise", "keeps_promise", "no_worse_than_champion"),
        "coverage_in_range",
    ]
    assert re.match(
        r"the champion breaks its promise: its RMSE is 2\.600 rings, certainly above 2\.\d+, where it promised 2\.000",
        decision["checks"][1]["detail"],
    )


def test_model_replaces_a_champion_whose_intervals_break_their_promise(gate):
    decision = gate(predictions(2.0), champion=predictions(2.0, covered=0.8))

    assert decision["passed"] is True
    assert "its intervals contain 80.1% where they promised 90.0%" in decision["checks"][1]["detail"]


@pytest.mark.parametrize(
    ("model", "promised"),
    [(predictions(2.6, seed=2), (2.0, 2.0)), (predictions(2.7), (2.0, 2.7)), (predictions(2.6, covered=0.8), (2, 9))],
    ids=["breaks its own promise as well", "is worse", "has intervals that break theirs"],
)
def test_failing_champion_is_not_replaced_by_a_model_that_is_no_remedy(gate, model, promised):
    decision = gate(model, champion=predictions(2.6, seed=3), promised=promised)

    assert decision["passed"] is False
    assert "beats_champion" in failed(decision)


def test_champion_keeps_its_promise_within_noise(gate):
    # an RMSE of 834 animals is uncertain by about 2.5 %
    decision = gate(predictions(2.05), champion=predictions(2.05), promised=(2.0, 2.0))

    assert failed(decision) == ["beats_champion"]
    assert "identical predictions" in decision["reasons"][0]


@pytest.mark.parametrize(("covered", "replaced"), [(25, False), (22, True)], ids=["by noise", "certainly"])
def test_few_rows_break_the_promise_of_the_intervals_only_when_it_is_certain(gate, covered, replaced):
    # Of 30 intervals that hold 90 %, 25 or fewer hold the count once in 6 times, 22 or fewer once in 128.
    champion = predictions(2.0, covered=covered / 30, rows=30)

    decision = gate(predictions(2.0, rows=30), champion=champion)

    assert ("champion_breaks_promise" in [check["name"] for check in decision["checks"]]) is replaced


def test_model_that_is_the_champion_is_said_to_be(gate):
    decision = gate(predictions(2.0), champion=predictions(2.0))

    assert decision["passed"] is False
    assert decision["reasons"] == ["no better than the champion: identical predictions, so the champion stays"]


@pytest.mark.parametrize("covered", [0.8, 0.99])
def test_intervals_that_break_their_promise_fail(gate, covered):
    decision = gate(predictions(2.0, covered=covered))

    assert failed(decision) == ["coverage_in_range"]
    assert f"{covered:.0%}"[:2] in decision["reasons"][0]
    assert "86.5% to 93.5% is asked for" in decision["reasons"][0]


def test_coverage_is_asked_for_around_the_level_of_the_artifact(gate):
    assert failed(gate(predictions(2.0, covered=0.95), level=0.95)) == []
    decision = gate(predictions(2.0, covered=0.9), level=0.95)
    assert failed(decision) == ["coverage_in_range"]
    assert "91.5% to 98.5% is asked for" in decision["reasons"][0]
    assert "94.5% to 100.0%" in gate(predictions(2.0, covered=0.9), level=0.98)["reasons"][0]


def test_champion_that_learnt_from_some_rows_is_compared_on_the_others(gate):
    model, champion = predictions(1.8), predictions(2.4, seed=2).iloc[300:]

    decision = gate(model, champion=champion)

    assert decision["passed"] is True
    reason = next(check["detail"] for check in decision["checks"] if check["name"] == "beats_champion")
    assert "on the 534 test rows that the champion has not learnt from: RMSE" in reason
    ours, theirs = (np.sqrt(((side["rings"] - side["predicted"])[-534:] ** 2).mean()) for side in (model, champion))
    assert f"RMSE {ours:.3f} rings against {theirs:.3f} rings" in reason


def test_too_few_test_rows_to_measure_coverage_fail(gate):
    decision = gate(predictions(2.0, rows=10))

    assert failed(decision) == ["coverage_in_range"]
    assert "cannot be measured on 10 test rows" in decision["reasons"][0]


def test_every_failed_check_is_a_reason(gate):
    decision = gate(predictions(3.5, covered=0.5), champion=predictions(2.0, seed=2))

    assert failed(decision) == ["beats_linear", "beats_champion", "holds_at_new_site", "coverage_in_range"]
    assert len(decision["reasons"]) == 4
