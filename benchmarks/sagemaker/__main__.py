"""SageMaker runs: jobs, time and cost beside plain kedro-sagemaker, and what the plugin costs a local run.

The exit code is 1 if a bar is missed.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import pandas as pd

from abalone.pipeline_registry import register_pipelines
from benchmarks.report import Bar, print_bars, print_table
from benchmarks.sagemaker.environments import link_sets
from benchmarks.sagemaker.jobs import (
    NOTHING,
    Assumptions,
    Run,
    one_job_a_namespace,
    one_job_a_node,
    predict_run,
    read_assumptions,
)
from benchmarks.sagemaker.local_run import LocalRun, copy_landing_zone, kedro_run

PLAIN, OURS = "kedro-sagemaker: one job a node", "abalone: one job a namespace"


def measure(repeats: int) -> tuple[list[LocalRun], list[LocalRun]]:
    """Run the pipeline in turns without and with the sagemaker set, so that both meet the machine in the same mood."""
    with tempfile.TemporaryDirectory() as folder:
        data, without, with_it = (Path(folder) / name for name in ("data", "without", "with"))
        without.mkdir()
        with_it.mkdir()
        packages = link_sets(without, "run"), link_sets(with_it, "run", "aws", "sagemaker")
        copy_landing_zone(data)
        for variables in packages:  # the first run of an environment reads it into memory
            kedro_run(data, variables)
        pairs = [[kedro_run(data, variables) for variables in packages] for _ in range(repeats)]
    first, second = zip(*pairs, strict=True)
    return list(first), list(second)


def as_jobs(measured: list[LocalRun], assumptions: Assumptions) -> list[Bar]:
    """Compare one job a node with one job a namespace, on a first run and on the same run again."""
    pipeline = register_pipelines()["__default__"]
    typical = sorted(measured, key=lambda run: run.seconds)[len(measured) // 2]
    runs = {
        name: predict_run(grouping, typical.node_seconds, typical.start_seconds, assumptions)
        for name, grouping in ((PLAIN, one_job_a_node(pipeline)), (OURS, one_job_a_namespace(pipeline)))
    }
    # Plain jobs are told the ARN of their execution, which the cache compares with the rest, so that it never hits.
    again = {PLAIN: runs[PLAIN], OURS: NOTHING}
    print_table(
        f"Jobs of a run, {assumptions.cold_start_seconds:g} s of cold start assumed for each; "
        f"measured: {sum(typical.node_seconds.values()):.2f} s for the {len(typical.node_seconds)} nodes together, "
        f"{typical.start_seconds:.2f} s to start, read and write",
        pd.DataFrame([_row(name, runs[name], again[name]) for name in runs]),
    )
    print_table(
        f"Cost of a run in USD, prices assumed for {assumptions.region} on {assumptions.date}, "
        f"{assumptions.billed_seconds:g} s of each cold start billed",
        pd.DataFrame(
            {
                "instance": instance,
                "USD an hour": f"{price:.3f}",
                "": name,
                "first run": f"{runs[name].dollars(price):.4f}",
                "same run again": f"{again[name].dollars(price):.4f}",
            }
            for instance, price in assumptions.dollars_an_hour.items()
            for name in runs
        ),
    )
    return [
        Bar("jobs of a run", runs[OURS].jobs, high=4),
        Bar("time of a run over one job a node", runs[OURS].seconds / runs[PLAIN].seconds, high=0.3),
        Bar("cost of a run over one job a node", runs[OURS].billed_seconds / runs[PLAIN].billed_seconds, high=0.2),
    ]


def _row(name: str, first: Run, again: Run) -> dict[str, str]:
    return {
        "": name,
        "jobs": f"{first.jobs}",
        "one after another": f"{first.depth}",
        "first run": _minutes(first.seconds),
        "jobs, same run again": f"{again.jobs}",
        "same run again": _minutes(again.seconds),
    }


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} min"


def local_cost(without: list[LocalRun], with_it: list[LocalRun]) -> list[Bar]:
    """Show what having the sagemaker set installed costs a local run."""
    lean, full = (statistics.median(run.seconds for run in runs) for runs in (without, with_it))
    rows = {"run set": lean, "run, aws and sagemaker sets": full}
    print_table(
        f"`kedro run` on this machine, median of {len(without)} pairs",
        pd.DataFrame(
            [{"installed": name, "seconds": f"{s:.2f}", "ratio": f"{s / lean:.2f}"} for name, s in rows.items()]
        ),
    )
    ratio = statistics.median(a.seconds / b.seconds for a, b in zip(without, with_it, strict=True))
    return [Bar("`kedro run` without the sagemaker set over with it", ratio, high=1.0)]


def main() -> int:
    """Print the tables and the bars."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sagemaker", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="pairs of local runs")
    arguments = parser.parse_args()
    without, with_it = measure(arguments.repeats)
    bars = as_jobs(without, read_assumptions()) + local_cost(without, with_it)
    return 0 if print_bars(bars) else 1


if __name__ == "__main__":
    sys.exit(main())
