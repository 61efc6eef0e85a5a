"""What a run costs as SageMaker jobs, from the seconds of its nodes and what is assumed of SageMaker."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from kedro.pipeline import Pipeline

from abalone.sagemaker.grouping import Grouping, group_nodes

PRICES = Path(__file__).with_name("prices.yml")


@dataclass(frozen=True)
class Assumptions:
    """What is assumed of SageMaker.

    Attributes:
        region: Where the prices hold.
        date: When they were assumed.
        cold_start_seconds: From the start of a step until the container's first instruction.
        billed_seconds: Of these, the seconds that are billed.
        dollars_an_hour: Prices, by instance type.
    """

    region: str
    date: str
    cold_start_seconds: float
    billed_seconds: float
    dollars_an_hour: Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """The jobs of one run.

    Attributes:
        jobs: How many.
        depth: How many of them wait for each other, at most.
        seconds: From the first start to the last end.
        billed_seconds: Of all jobs together.
    """

    jobs: int = 0
    depth: int = 0
    seconds: float = 0.0
    billed_seconds: float = 0.0

    def dollars(self, dollars_an_hour: float) -> float:
        """Return the cost on an instance of that price."""
        return self.billed_seconds / 3600 * dollars_an_hour


NOTHING = Run()
"""A run whose every job is answered from the cache."""


def read_assumptions() -> Assumptions:
    """Read `prices.yml`."""
    given = yaml.safe_load(PRICES.read_text(encoding="utf-8"))
    start = given["cold_start"]
    return Assumptions(
        given["region"], str(given["date"]), start["seconds"], start["billed_seconds"], given["instances"]
    )


def one_job_a_node(pipeline: Pipeline) -> Grouping:
    """Group as plain kedro-sagemaker does: each node is a job."""
    return group_nodes(pipeline, {node.name: [node.name] for node in pipeline.nodes})


def one_job_a_namespace(pipeline: Pipeline) -> Grouping:
    """Group as this project does."""
    return group_nodes(pipeline, {})


def predict_run(
    grouping: Grouping, node_seconds: Mapping[str, float], start_seconds: float, assumptions: Assumptions
) -> Run:
    """Predict a run in which every job executes, each as soon as those that it depends on are done.

    Args:
        grouping: The jobs.
        node_seconds: How long each node takes, by its name.
        start_seconds: How long Python and Kedro take to start, in each job.
        assumptions: What is assumed of SageMaker.
    """
    ends: dict[str, float] = {}
    depths: dict[str, int] = {}
    billed = 0.0
    for group in grouping.groups:  # each after those that it depends on
        own = start_seconds + sum(node_seconds[name] for name in group.node_names)
        begin = max((ends[name] for name in group.dependencies), default=0.0)
        ends[group.name] = begin + assumptions.cold_start_seconds + own
        depths[group.name] = 1 + max((depths[name] for name in group.dependencies), default=0)
        billed += assumptions.billed_seconds + own
    return Run(len(ends), max(depths.values()), max(ends.values()), billed)
