"""What a decision is called."""

from typing import Any

import pytest

from abalone.pipelines.monitoring.decision import DECISIONS, RETRAIN
from abalone.pipelines.monitoring.wording import HEADLINES, headline

KEPT = {"worse": False, "coverage_low": False}


@pytest.mark.parametrize("broken", [{"worse": True}, {"coverage_low": True}])
def test_retraining_by_labels_says_that_the_promise_is_broken(broken: dict[str, bool]) -> None:
    words = headline({"decision": RETRAIN, "performance": KEPT | broken})

    assert words.sentence == "The predictions do not keep their promise any more."


@pytest.mark.parametrize("performance", [None, KEPT])
def test_retraining_by_drift_alone_says_nothing_of_the_promise(performance: Any) -> None:
    words = headline({"decision": RETRAIN, "performance": performance})

    assert words.word == HEADLINES[RETRAIN].word
    assert words.sentence == (
        "The animals have changed beyond what a new site explains, and the predictions with them."
    )


@pytest.mark.parametrize("decision", [decision for decision in DECISIONS if decision != RETRAIN])
def test_other_decisions_have_one_sentence_each(decision: str) -> None:
    assert headline({"decision": decision, "performance": None}) == HEADLINES[decision]
