"""What the benchmark of the SageMaker runs computes."""

from pathlib import Path

import pytest
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
from benchmarks.sagemaker.local_run import LocalRun, read_node_seconds
from kedro.pipeline import Node, Pipeline

from abalone.pipeline_registry import register_pipelines

ASSUMPTIONS = Assumptions("here", "today", cold_start_seconds=100, billed_seconds=40, dollars_an_hour={"small": 0.36})
SECONDS = {"first": 1.0, "slow": 30.0, "quick": 2.0, "last": 4.0}


def work(*inputs: object) -> tuple[object, ...]:
    return inputs


@pytest.fixture
def diamond() -> Pipeline:
    """`first`, then `slow` beside `quick`, then `last`."""
    return Pipeline(
        [
            Node(func=work, inputs="a", outputs="b", name="first"),
            Node(func=work, inputs="b", outputs="c", name="slow"),
            Node(func=work, inputs="b", outputs="d", name="quick"),
            Node(func=work, inputs=["c", "d"], outputs="e", name="last"),
        ]
    )


def test_run_takes_as_long_as_its_longest_chain_of_jobs(diamond: Pipeline) -> None:
    run = predict_run(one_job_a_node(diamond), SECONDS, 10.0, ASSUMPTIONS)

    assert run == Run(jobs=4, depth=3, seconds=3 * (100 + 10) + 1 + 30 + 4, billed_seconds=4 * (40 + 10) + 37)


def test_nodes_of_one_namespace_share_the_start_of_their_job() -> None:
    pipeline = Pipeline(
        [Node(func=work, inputs="a", outputs="b", name="one"), Node(func=work, inputs="b", outputs="c", name="two")],
        namespace="both",
        prefix_datasets_with_namespace=False,
    )

    run = predict_run(one_job_a_namespace(pipeline), {"both.one": 1.0, "both.two": 2.0}, 10.0, ASSUMPTIONS)

    assert run == Run(jobs=1, depth=1, seconds=113.0, billed_seconds=53.0)


def test_cost_is_that_of_the_billed_seconds() -> None:
    assert Run(1, 1, 900.0, 100.0).dollars(0.36) == pytest.approx(0.01)
    assert NOTHING.dollars(0.36) == 0.0


def test_default_pipeline_is_four_jobs_instead_of_one_a_node() -> None:
    pipeline = register_pipelines()["__default__"]

    assert [group.name for group in one_job_a_namespace(pipeline).groups] == [
        "ingestion",
        "feature_engineering",
        "training",
        "evaluation",
    ]
    assert len(one_job_a_node(pipeline).groups) == len(pipeline.nodes)


def test_assumptions_name_their_region_and_date_and_two_prices() -> None:
    assumptions = read_assumptions()

    assert assumptions.region == "eu-west-1"
    assert assumptions.date
    assert len(assumptions.dollars_an_hour) == 2
    assert all(price > 0 for price in assumptions.dollars_an_hour.values())
    assert 0 <= assumptions.billed_seconds <= assumptions.cold_start_seconds == 180


def test_seconds_of_the_nodes_are_read_from_the_log() -> None:
    log = (
        "a library's own words\n"
        '{"time": "t", "message": "1/2 training.fit_model_node (0.35 s)"}\n'
        '{"time": "t", "message": "split: 3,350 train rows, 819 test rows"}\n'
        '{"time": "t", "message": "finished 2 nodes in 5.0 s"}\n'
    )

    assert read_node_seconds(log) == {"training.fit_model_node": 0.35}


def test_what_is_not_the_nodes_is_the_start() -> None:
    assert LocalRun(10.0, {"a": 1.0, "b": 2.0}).start_seconds == pytest.approx(7.0)


def test_environment_holds_the_packages_of_its_sets_and_no_other(tmp_path: Path) -> None:
    variables = link_sets(tmp_path, "run")

    linked = {path.name for path in tmp_path.iterdir()}
    assert {"kedro", "sklearn", "six.py"} <= linked
    assert not {"boto3", "sagemaker", "kedro_sagemaker", "pytest"} & linked
    assert any(name.startswith("kedro_datasets-") and name.endswith(".dist-info") for name in linked)
    assert variables["PYTHONPATH"].startswith(f"{tmp_path}:")
