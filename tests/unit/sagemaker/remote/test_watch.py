from collections.abc import Callable, Sequence

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.aws import client
from abalone.sagemaker.remote.watch import FAILED_POLLS, Outcome, watch
from abalone.sagemaker.steps import StepStatus
from support.definitions import DEFINITION
from support.sagemaker_server import EXECUTION, Look, Script, job_arn, listed, ran, serving

Watch = Callable[[Script], tuple[Outcome, list[Sequence[StepStatus]]]]


@pytest.fixture
def follow(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Watches a script to its end, with a real client, and keeps what was shown."""

    def follow(script: Script) -> tuple[Outcome, list[Sequence[StepStatus]]]:
        shown: list[Sequence[StepStatus]] = []
        with serving(script):
            for name, value in {**script.env, "AWS_MAX_ATTEMPTS": "1"}.items():
                monkeypatch.setenv(name, value)
            outcome = watch(client("sagemaker"), EXECUTION, DEFINITION, shown.append, poll_seconds=0.01)
        return outcome, shown

    return follow


def statuses(steps: Sequence[StepStatus]) -> dict[str, str]:
    return {step.name: step.status for step in steps}


def test_execution_is_followed_to_its_end_in_the_order_of_the_definition(follow: Watch) -> None:
    done = [
        ran("ingestion", "Succeeded", 60, CacheHitResult={"SourcePipelineExecutionArn": EXECUTION}),
        listed("training", "Succeeded", 90, AttemptCount=2, Metadata={"TrainingJob": {"Arn": job_arn("training")}}),
        listed("gate", "Succeeded", 1, Metadata={"Condition": {"Outcome": "True"}}),
        listed("register", "Succeeded", 2, Metadata={"RegisterModel": {"Arn": "arn"}}),
    ]
    script = Script([Look("Executing"), Look("Executing", [ran("ingestion", "Executing")]), Look("Succeeded", done)])

    outcome, shown = follow(script)

    assert outcome.status == "Succeeded"
    assert set(statuses(shown[0]).values()) == {"Pending"}
    assert statuses(shown[1])["ingestion"] == "Executing"
    assert [step.name for step in outcome.steps] == ["ingestion", "training", "gate", "register", "refused"]
    ingestion, training, gate, _, refused = outcome.steps
    assert (ingestion.cached, ingestion.seconds) == (True, 60)
    assert training.attempts == 2
    assert gate.reason == "passed"
    assert refused.status == "Skipped"


def test_failure_keeps_its_reason_and_the_link_to_the_job(follow: Watch) -> None:
    failed = ran("ingestion", "Failed", 9, FailureReason="AlgorithmError: no batch")

    outcome, _ = follow(Script([Look("Failed", [failed], "Step failure: One or multiple steps failed.")]))

    step = outcome.steps[0]
    assert outcome.status == "Failed"
    assert step.reason == "AlgorithmError: no batch"
    assert step.place == (
        "https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1"
        "#/processing-jobs/pipelines-x1y2z3-ingestion"
    )
    assert outcome.jobs == {"ingestion": job_arn("ingestion")}


def test_model_that_is_refused_is_told_by_the_fail_step(follow: Watch) -> None:
    gate = listed("gate", "Succeeded", 1, Metadata={"Condition": {"Outcome": "False"}})
    refused = listed("refused", "Failed", 1, Metadata={"Fail": {"ErrorMessage": "RMSE 2.9 against 2.1"}})

    outcome, _ = follow(Script([Look("Failed", [gate, refused])]))

    told = {step.name: step.reason for step in outcome.steps}
    assert told["gate"] == "not passed"
    assert told["refused"] == "RMSE 2.9 against 2.1"


@pytest.mark.parametrize("fault", [(400, "ThrottlingException"), (500, "InternalFailure"), (503, "ServiceUnavailable")])
@pytest.mark.parametrize("operation", ["DescribePipelineExecution", "ListPipelineExecutionSteps"])
def test_look_that_fails_is_told_once_and_does_not_end_the_watch(
    follow: Watch, caplog: pytest.LogCaptureFixture, operation: str, fault: tuple[int, str]
) -> None:
    script = Script([Look("Succeeded")], faults={operation: [fault] * 3})

    outcome, shown = follow(script)

    assert outcome.status == "Succeeded"
    assert len(shown) == 1
    assert [record.levelname for record in caplog.records if "did not answer" in record.message] == ["WARNING"]


def test_service_that_stays_away_ends_the_watch_and_leaves_the_execution(follow: Watch) -> None:
    script = Script(
        [Look("Executing")], faults={"DescribePipelineExecution": [(503, "ServiceUnavailable")] * FAILED_POLLS}
    )

    with pytest.raises(AbaloneError, match=f"The execution goes on: {EXECUTION}"):
        follow(script)


def test_lost_permission_ends_the_watch_at_once(follow: Watch) -> None:
    script = Script([Look("Executing")], faults={"DescribePipelineExecution": [(400, "ExpiredTokenException")]})

    with pytest.raises(AbaloneError, match=r"sign in again.*The execution goes on"):
        follow(script)

    assert script.calls == ["DescribePipelineExecution"]
