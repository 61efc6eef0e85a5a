"""The order of steps, and the ways that an execution takes."""

from typing import Any

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.local import LocalExecution
from support.executable_definitions import condition, definition, equals, fail, get, join, json_get, processing

GATE = [{"PropertyFileName": "gate", "OutputName": "evaluation", "FilePath": "gate.json"}]


def statuses(execution: LocalExecution) -> dict[str, str]:
    return {step.name: step.status for step in execution.steps}


def gated(machine: Any, passed: bool) -> dict[str, Any]:
    """Evaluation, a gate on what it writes, and a step on each branch."""
    content = {"passed": passed, "mae": 1.5}
    code = f"(ml / 'processing/output/evaluation/gate.json').write_text(json.dumps({content!r}))"
    evaluation = processing(
        "evaluation", code, outputs={"evaluation": f"s3://{machine.s3.bucket}/evaluation"}, PropertyFiles=GATE
    )
    gate = condition(
        "gate",
        equals(json_get("evaluation", "gate", "passed"), True),
        if_steps=[processing("deploy")],
        else_steps=[fail("refused", join("mae ", json_get("evaluation", "gate", "mae")))],
    )
    return definition(evaluation, gate)


def test_gate_that_is_passed_leads_to_its_branch_and_skips_the_other(machine: Any) -> None:
    execution = machine.execute(gated(machine, passed=True))

    assert execution.status == "Succeeded", execution.reason
    assert statuses(execution) == {
        "evaluation": "Succeeded",
        "gate": "Succeeded",
        "deploy": "Succeeded",
        "refused": "Skipped",
    }
    assert execution.steps[1].reason == "passed"


def test_gate_that_is_not_passed_ends_the_execution_with_the_figures(machine: Any) -> None:
    execution = machine.execute(gated(machine, passed=False))

    assert (execution.status, execution.reason) == ("Failed", "mae 1.5")
    assert statuses(execution) == {
        "evaluation": "Succeeded",
        "gate": "Succeeded",
        "deploy": "Skipped",
        "refused": "Failed",
    }
    assert execution.steps[1].reason == "not passed"
    assert execution.model_package_arn is None


def test_what_stands_behind_a_skipped_branch_is_skipped(machine: Any) -> None:
    execution = machine.execute(
        definition(
            condition("gate", equals(1, 2), if_steps=[condition("inner", equals(1, 1), if_steps=[processing("a")])]),
            processing("b", DependsOn=["a"]),
        )
    )

    assert execution.status == "Succeeded"
    assert statuses(execution) == {"gate": "Succeeded", "inner": "Skipped", "a": "Skipped", "b": "Skipped"}


def test_condition_that_cannot_be_decided_fails_with_the_name_of_what_is_missing(machine: Any) -> None:
    execution = machine.execute(
        definition(processing("a"), condition("gate", equals(get("Steps.a.Missing"), 1), if_steps=[processing("b")]))
    )

    assert "Steps.a.Missing" in execution.reason
    assert statuses(execution) == {"a": "Succeeded", "gate": "Failed", "b": "Skipped"}


def test_failure_skips_what_depends_on_it_and_lets_the_rest_finish(machine: Any) -> None:
    execution = machine.execute(
        definition(
            processing("broken", "sys.exit(1)"),
            processing("behind", DependsOn=["broken"]),
            processing("far-behind", DependsOn=["behind"]),
            processing("other", DependsOn=[]),
            processing("behind-other", DependsOn=["other"]),
        )
    )

    assert execution.status == "Failed"
    assert statuses(execution) == {
        "broken": "Failed",
        "behind": "Skipped",
        "far-behind": "Skipped",
        "other": "Succeeded",
        "behind-other": "Succeeded",
    }


def test_fail_step_starts_nothing_more(machine: Any) -> None:
    # `slow` cannot finish before the Fail step, as it waits for the status of it to be shown
    slow = processing("slow", "\nwhile not pathlib.Path('failed').exists(): time.sleep(0.05)")
    show = machine.shown.append
    definition_ = definition(fail("stop", "enough"), slow, processing("behind", DependsOn=["slow"]))

    def show_and_tell(steps: Any) -> None:
        show(list(steps))
        if steps[0].status == "Failed":
            (machine.folder / "failed").touch()

    execution = machine.execute(definition_, show=show_and_tell)

    assert (execution.status, execution.reason) == ("Failed", "enough")
    assert statuses(execution) == {"stop": "Failed", "slow": "Succeeded", "behind": "Skipped"}


def test_independent_steps_run_at_the_same_time(machine: Any) -> None:
    meet = """
pathlib.Path('{own}').touch()
while not pathlib.Path('{other}').exists():
    time.sleep(0.05)
"""
    left = processing("left", meet.format(own="l", other="r"))
    right = processing("right", meet.format(own="r", other="l"))

    execution = machine.execute(definition(left, right), parallel=2)

    assert statuses(execution) == {"left": "Succeeded", "right": "Succeeded"}


def test_no_more_steps_run_at_the_same_time_than_may(machine: Any) -> None:
    alone = "os.mkdir('busy'); time.sleep(0.1); os.rmdir('busy')"

    execution = machine.execute(definition(*(processing(f"step-{n}", alone) for n in range(4))), parallel=1)

    assert execution.status == "Succeeded", execution.reason


def test_steps_run_in_the_order_of_their_needs_not_of_the_definition(machine: Any) -> None:
    execution = machine.execute(
        definition(
            processing("second", "assert pathlib.Path('done').exists()", DependsOn=["first"]),
            processing("first", "pathlib.Path('done').touch()"),
        )
    )

    assert execution.status == "Succeeded", execution.reason
    assert [step.name for step in execution.steps] == ["second", "first"]


def test_missing_region_is_a_clear_error(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    with pytest.raises(AbaloneError, match="AWS_DEFAULT_REGION"):
        machine.execute(definition(processing("a")))
