"""`python -m benchmarks.gate`: print how often the gate promotes; the exit code is 1 if a bar is missed."""

import argparse
import sys
from typing import NamedTuple

import numpy as np
import pandas as pd
import yaml

from abalone.model.artifact import Artifact
from abalone.model.split import train_test_split
from abalone.model.threads import threads_for
from abalone.pipelines.evaluation.nodes import compare, decide_gate, predict
from abalone.pipelines.evaluation.scores import score
from benchmarks.gate.pairs import KINDS, Pair, fit_artifact
from benchmarks.model.setting import PARAMETERS, PROJECT, measurements
from benchmarks.report import Bar, print_bars, print_table, share
from benchmarks.serving.progress import say

EVALUATION = yaml.safe_load((PROJECT / "conf/base/parameters_evaluation.yml").read_text())["evaluation"]
CONFIDENCE = EVALUATION["gate"]["confidence"]
RIVAL_CONFIDENCE = 0.95
TEST_FRACTION = 0.2
MOST_FALSE_PROMOTIONS = 0.05


class Verdict(NamedTuple):
    """What the gate says of a challenger.

    Attributes:
        promoted: Whether it takes over.
        as_remedy: Whether it does because the champion breaks its promise.
        promoted_by_less: Whether it would take over, were the confidence that of `RIVAL_CONFIDENCE`.
    """

    promoted: bool
    as_remedy: bool
    promoted_by_less: bool


def judge(challenger: Artifact, champion: Artifact, test: pd.DataFrame) -> Verdict:
    """Ask the gate, by the very nodes of the evaluation; the baselines aside, which both beat."""
    predictions = predict(challenger, test)
    metrics = score(predictions, EVALUATION["age_bands"], EVALUATION["bootstrap"])

    def decide(confidence: float) -> tuple[bool, bool]:
        parameters = {**EVALUATION, "gate": {**EVALUATION["gate"], "confidence": confidence}}
        comparison = compare(
            model=challenger,
            metrics=metrics,
            test_predictions=predictions,
            baseline_predictions={},
            champion=champion,
            test_table=test,
            blocks=PARAMETERS["cross_validation"]["blocks"],
            parameters=parameters,
        )
        gate = decide_gate(challenger, comparison, parameters["gate"])
        remedy = any(check["name"] == "champion_breaks_promise" for check in gate["checks"])
        return gate["passed"], gate["passed"] and remedy

    return Verdict(*decide(CONFIDENCE), decide(RIVAL_CONFIDENCE)[0])


def verdicts(pair: Pair, rows: pd.DataFrame, pairs: int) -> tuple[list[Verdict], list[Verdict]]:
    """Return what the gate says of the challengers, and of the champions when they are the challengers."""
    there, back = [], []
    for seed in range(pairs):
        split = {"test_fraction": TEST_FRACTION, "random_state": seed}
        train, test = train_test_split(rows, **split)
        champion, challenger = (fit_artifact(table, split, random_state) for table, random_state in pair(train, seed))
        there.append(judge(challenger, champion, test))
        back.append(judge(champion, challenger, test))
        say(f"{pair.__name__} {seed + 1} of {pairs}")
    return there, back


def describe(name: str, found: list[Verdict]) -> dict[str, str]:
    """Return a row of the table."""
    return {
        "champion, challenger": name,
        "challengers": str(len(found)),
        f"promoted at {CONFIDENCE:.1%}": share([verdict.promoted for verdict in found]),
        "of which as remedy": str(sum(verdict.as_remedy for verdict in found)),
        f"promoted at {RIVAL_CONFIDENCE:.1%}": share([verdict.promoted_by_less for verdict in found]),
    }


def main() -> int:
    """Judge all pairs, each on a split of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__)
    parser.add_argument("--pairs", type=int, default=60, help="of models of two halves; fewer of the others [60]")
    pairs = parser.parse_args().pairs
    rows = measurements()
    rows = rows[rows["height"] > 0].assign(batch="survey", line=lambda kept: kept.index + 2)
    table, bars = [], []
    with threads_for(len(rows)):
        for kind in KINDS:
            there, back = verdicts(kind.pair, rows, max(1, round(kind.fraction * pairs)))
            if kind.are_equal:
                table.append(describe(f"{kind.name}, both ways round", there + back))
                promoted = float(np.mean([verdict.promoted for verdict in there + back]))
                bars.append(Bar(f"promoted, though equal: {kind.name}", promoted, high=MOST_FALSE_PROMOTIONS))
            else:
                table += [describe(kind.name, there), describe(f"{kind.name}, the other way round", back)]
    print_table("How often the challenger is promoted", pd.DataFrame(table))
    return 0 if print_bars(bars) else 1


if __name__ == "__main__":
    sys.exit(main())
