"""`python -m benchmarks.gate`: print how often the gate promotes; the exit code is 1 if a bar is missed."""

import argparse
import sys

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from abalone.model.artifact import Artifact
from abalone.model.split import train_test_split
from abalone.model.threads import threads_for
from abalone.pipelines.evaluation.nodes import compare, decide_gate, predict
from abalone.pipelines.evaluation.scores import score
from benchmarks.gate.pairs import PAIRS, Tabling, fit_artifact, halves
from benchmarks.model.setting import PARAMETERS, PROJECT, measurements
from benchmarks.report import Bar, print_bars, print_table

EVALUATION = yaml.safe_load((PROJECT / "conf/base/parameters_evaluation.yml").read_text())["evaluation"]
TEST_FRACTION = 0.2
MOST_FALSE_PROMOTIONS = 0.05


def is_promoted(challenger: Artifact, champion: Artifact, test: pd.DataFrame) -> bool:
    """Ask the gate, by the very nodes of the evaluation; the baselines aside, which both beat."""
    predictions = predict(challenger, test)
    comparison = compare(
        model=challenger,
        metrics=score(predictions, EVALUATION["age_bands"], EVALUATION["bootstrap"]),
        test_predictions=predictions,
        baseline_predictions={},
        champion=champion,
        test_table=test,
        blocks=PARAMETERS["cross_validation"]["blocks"],
        parameters=EVALUATION,
    )
    return decide_gate(challenger, comparison, EVALUATION["gate"])["passed"]


def promotions(tables_of: Tabling, rows: pd.DataFrame, pairs: int) -> NDArray[np.float64]:
    """Return the share of pairs whose challenger takes over, and that of the other way round, shape (2,)."""
    decisions = []
    for seed in range(pairs):
        split = {"test_fraction": TEST_FRACTION, "random_state": seed}
        train, test = train_test_split(rows, **split)
        tables = tables_of(train, np.random.default_rng(seed))
        champion, challenger = (fit_artifact(table, split, seed) for table in tables)
        decisions.append((is_promoted(challenger, champion, test), is_promoted(champion, challenger, test)))
    return np.mean(decisions, axis=0)


def main() -> int:
    """Judge all pairs, each on a split of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__)
    parser.add_argument("--pairs", type=int, default=100, help="of equal models; a fifth of it of the others")
    pairs = parser.parse_args().pairs
    rows = measurements()
    rows = rows[rows["height"] > 0].assign(batch="survey", line=lambda kept: kept.index + 2)
    table, shares = [], {}
    with threads_for(len(rows)):
        for name, tables_of in PAIRS.items():
            number = pairs if tables_of is halves else max(1, pairs // 5)
            there, back = shares[name] = promotions(tables_of, rows, number)
            table.append(
                {"champion, challenger": name, "pairs": number, "promoted": f"{there:.1%}", "swapped": f"{back:.1%}"}
            )
            sys.stderr.write(f"{table[-1]}\n")
    print_table("How often the challenger is promoted", pd.DataFrame(table))
    equal = float(np.mean(next(iter(shares.values()))))
    return 0 if print_bars([Bar("promotions among equal models", equal, high=MOST_FALSE_PROMOTIONS)]) else 1


if __name__ == "__main__":
    sys.exit(main())
