"""The state machines, without running them."""

import re
from copy import deepcopy
from pathlib import Path

import pytest

from support.project import REPOSITORY
from support.state_machines import DEFINITIONS, graphs, lint, reachable, read_machine, tasks


def name(path: Path) -> str:
    return path.name.removesuffix(".asl.json")


def test_there_are_three_state_machines() -> None:
    assert [name(path) for path in DEFINITIONS] == ["etl", "retraining", "system_test"]


@pytest.mark.parametrize("path", DEFINITIONS, ids=name)
def test_definition_is_of_the_states_language(path: Path, tmp_path: Path) -> None:
    assert lint(read_machine(path), tmp_path) == ""


def test_linter_notices_what_is_not_of_the_states_language(tmp_path: Path) -> None:
    machine = deepcopy(read_machine(DEFINITIONS[0]))
    next(iter(tasks(machine).values()))["TimeoutSeconds"] = "soon"

    assert "E3601" in lint(machine, tmp_path)


@pytest.mark.parametrize("path", DEFINITIONS, ids=name)
def test_every_state_is_reached_and_every_transition_leads_to_a_state(path: Path) -> None:
    for graph in graphs(read_machine(path)):
        assert reachable(graph) == set(graph["States"])


@pytest.mark.parametrize("path", DEFINITIONS, ids=name)
def test_every_task_has_a_timeout_is_tried_again_and_has_its_failure_caught(path: Path) -> None:
    bare = {
        name: missing
        for name, task in tasks(read_machine(path)).items()
        if (missing := {"TimeoutSeconds", "Retry", "Catch"} - set(task))
    }

    assert bare == {}


@pytest.mark.parametrize("path", DEFINITIONS, ids=name)
def test_retries_wait_longer_each_time_and_not_all_at_once(path: Path) -> None:
    retriers = [
        retrier
        for task in tasks(read_machine(path)).values()
        for retrier in task.get("Retry", [])
        if retrier["MaxAttempts"] != 0
    ]

    assert retriers
    assert all(retrier["BackoffRate"] > 1 and retrier["JitterStrategy"] == "FULL" for retrier in retriers)


def test_etl_waits_for_the_run_before_and_follows_its_own_as_long_as_the_job_may_take() -> None:
    machine = read_machine(next(path for path in DEFINITIONS if name(path) == "etl"))
    variables = (REPOSITORY / "infra" / "terraform" / "modules" / "glue" / "variables.tf").read_text(encoding="utf-8")
    longest_seconds = 60 * int(re.findall(r"var\.timeout_minutes <= (\d+)", variables)[0])
    busy = next(
        retrier
        for retrier in machine["States"]["StartJob"]["Retry"]
        if "Glue.ConcurrentRunsExceededException" in retrier["ErrorEquals"]
    )

    delays = [
        min(busy["IntervalSeconds"] * busy["BackoffRate"] ** attempt, busy["MaxDelaySeconds"])
        for attempt in range(busy["MaxAttempts"])
    ]

    # full jitter: each is anything from none to all of it, so half on average
    assert sum(delays) / 2 > longest_seconds
    assert machine["TimeoutSeconds"] >= 2 * longest_seconds + busy["MaxDelaySeconds"]
    assert f"gives up after {machine['TimeoutSeconds'] // 3600} hours" in variables
