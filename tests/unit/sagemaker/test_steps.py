import io

from rich.console import Console

from abalone.sagemaker.cli.listing import step_table
from abalone.sagemaker.steps import all_steps, pending
from support.definitions import DEFINITION, processing


def test_steps_of_both_branches_follow_their_condition() -> None:
    assert [step["Name"] for step in all_steps(DEFINITION)] == ["ingestion", "training", "gate", "register", "refused"]


def test_condition_within_a_condition_is_gone_into() -> None:
    inner = {"Name": "is_new", "Type": "Condition", "Arguments": {"IfSteps": [processing("deep")], "ElseSteps": []}}
    outer = {"Name": "gate", "Type": "Condition", "Arguments": {"IfSteps": [inner], "ElseSteps": []}}

    assert [step.name for step in pending({"Steps": [outer]})] == ["gate", "is_new", "deep"]


def test_steps_are_pending_before_the_execution() -> None:
    assert {step.status for step in pending(DEFINITION)} == {"Pending"}


def test_listing_tells_what_the_jobs_run_on() -> None:
    out = io.StringIO()

    Console(file=out, width=100).print(step_table(DEFINITION))

    lines = [line.split() for line in out.getvalue().splitlines()]
    assert lines[1] == ["ingestion", "Processing", "ml.m5.large"]
    assert lines[2] == ["training", "Training", "2", "x", "ml.m5.xlarge,", "spot"]
    assert lines[3] == ["gate", "Condition"]
