"""What a simulated year has shown, by models whose errors are known."""

from dataclasses import replace

import pytest

from abalone.rehearsal.year.played import Outcome, Reign
from abalone.rehearsal.year.verdict import judge
from support.artifacts import summing_artifact
from support.played_weeks import ANIMALS, played, year


def test_a_better_model_is_a_gain_and_promoted_rightly() -> None:
    verdict = judge(year(1.2, 1.0), seed=0, is_whole=True)

    assert verdict.faults == []
    assert verdict.gain.served < verdict.gain.frozen
    assert verdict.gain.lower > 0
    assert verdict.outcomes[Outcome.PROMOTED] == 1
    (promotion,) = verdict.promotions
    assert (promotion.week, promotion.number, promotion.rows) == (2, 2, 2 * ANIMALS)
    assert promotion.after == pytest.approx(1.0)
    assert promotion.before > promotion.after


def test_a_worse_model_is_a_false_promotion_and_no_gain() -> None:
    verdict = judge(year(1.0, 1.2), seed=0, is_whole=True)

    assert verdict.faults == [
        "model 2 was promoted falsely",
        "the monitored service is not better than the first model by more than noise",
    ]


def test_an_equal_model_is_no_false_promotion_but_no_gain_either() -> None:
    assert [promotion.is_false for promotion in judge(year(1.0, 1.0), seed=0, is_whole=True).promotions] == [False]


def test_a_year_that_was_cut_short_need_not_have_gained() -> None:
    assert judge(year(1.0, 1.0), seed=0, is_whole=False).faults == []


def test_a_model_that_served_nobody_is_not_judged() -> None:
    weeks = year(1.2, 1.0)[:2]

    (promotion,) = judge(weeks, seed=0, is_whole=False).promotions

    assert promotion.rows == 0
    assert not promotion.is_false


def test_only_the_last_quarter_of_the_year_counts() -> None:
    first = Reign(1, summing_artifact(1.2))
    weeks = [played(week, first, first.artifact) for week in range(1, 53)]
    late = Reign(2, summing_artifact(1.0))
    weeks[39:] = [replace(week, served=late.artifact.predict(week.animals).rings) for week in weeks[39:]]

    gain = judge(weeks, seed=0, is_whole=True).gain

    assert (gain.weeks, gain.rows) == (13, 13 * ANIMALS)
    assert gain.served == pytest.approx(1.0)
