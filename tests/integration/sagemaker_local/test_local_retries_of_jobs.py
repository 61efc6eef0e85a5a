"""Jobs that are killed, and a storage that is in trouble."""

from pathlib import Path
from typing import Any

import pytest

from support.executable_definitions import (
    JOB_KILLED,
    SERVICE_FAULT,
    definition,
    get,
    processing,
    registration,
    training,
)

DIE_FIRST = """
tries = pathlib.Path('tries')
tries.write_text(tries.read_text() + 'x' if tries.exists() else 'x')
(ml / 'processing/output/out' / tries.read_text()).write_text('1')
if len(tries.read_text()) <= {deaths}:
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_job_that_is_killed_is_tried_again_in_a_scratch_of_its_own(machine: Any) -> None:
    outputs = {"out": f"s3://{machine.s3.bucket}/out"}

    execution = machine.execute(
        definition(processing("work", DIE_FIRST.format(deaths=1), outputs=outputs, RetryPolicies=[JOB_KILLED]))
    )

    [step] = execution.steps
    assert (step.status, step.attempts, step.reason) == ("Succeeded", 2, "")
    assert machine.statuses("work") == ["Starting", "Executing", "Starting", "Executing", "Succeeded"]
    assert machine.s3.keys("out/") == ["out/xx"]
    assert Path(step.place).parent.name == "attempt-2"


def test_job_that_is_killed_each_time_fails_when_its_attempts_are_used_up(machine: Any) -> None:
    outputs = {"out": f"s3://{machine.s3.bucket}/out"}

    execution = machine.execute(
        definition(processing("work", DIE_FIRST.format(deaths=9), outputs=outputs, RetryPolicies=[JOB_KILLED]))
    )

    [step] = execution.steps
    assert (step.status, step.attempts) == ("Failed", 3)
    assert step.reason == "InternalServerError: the process was killed by signal 9"
    assert machine.s3.keys("out/") == []


def test_job_that_is_killed_is_not_tried_again_without_a_policy(machine: Any) -> None:
    execution = machine.execute(definition(processing("work", "os.kill(os.getpid(), signal.SIGKILL)")))

    assert (execution.steps[0].status, execution.steps[0].attempts) == ("Failed", 1)


def test_job_that_cannot_be_started_is_tried_again_and_names_its_command(machine: Any) -> None:
    step = processing("work", RetryPolicies=[JOB_KILLED])
    step["Arguments"]["AppSpecification"]["ContainerEntrypoint"] = ["no-such-program"]

    execution = machine.execute(definition(step))

    assert execution.steps[0].attempts == 3
    assert "no-such-program could not be started" in execution.reason


@pytest.mark.parametrize(("status", "code"), [(500, "InternalError"), (503, "SlowDown"), (400, "RequestLimitExceeded")])
def test_upload_is_tried_again_when_s3_is_in_trouble(status: int, code: str, machine: Any, failing: Any) -> None:
    failing.fail("PUT", "/out/", times=2, status=status, code=code)
    step = processing(
        "work",
        "(ml / 'processing/output/out/a').write_text('1')",
        outputs={"out": f"s3://{machine.s3.bucket}/out"},
        RetryPolicies=[SERVICE_FAULT],
    )

    execution = machine.execute(definition(step))

    assert execution.status == "Succeeded", execution.reason
    assert execution.steps[0].attempts == 3
    assert machine.s3.read("out/a") == b"1"


def test_trouble_of_s3_that_lasts_fails_the_step_with_what_could_not_be_done(machine: Any, failing: Any) -> None:
    failing.fail("PUT", "/models/", times=20)

    execution = machine.execute(definition(training("fit", bucket=machine.s3.bucket, RetryPolicies=[SERVICE_FAULT])))

    assert execution.steps[0].attempts == 4
    assert f"fit: upload to s3://{machine.s3.bucket}/models/" in execution.reason
    assert "InternalError" in execution.reason


def test_server_that_does_not_answer_is_a_service_fault(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    step = processing("work", inputs={"in": f"s3://{machine.s3.bucket}/in"}, RetryPolicies=[SERVICE_FAULT])

    execution = machine.execute(definition(step))

    assert execution.steps[0].attempts == 4
    assert "download of s3://" in execution.reason
    assert "127.0.0.1:9" in execution.reason


def test_request_that_s3_refuses_is_not_tried_again(machine: Any) -> None:
    step = processing(
        "work",
        "(ml / 'processing/output/out/a').write_text('1')",
        outputs={"out": "s3://no-such-bucket/out"},
        RetryPolicies=[SERVICE_FAULT],
    )

    execution = machine.execute(definition(step))

    assert (execution.steps[0].status, execution.steps[0].attempts) == ("Failed", 1)
    assert "NoSuchBucket" in execution.reason


def test_registration_is_tried_again_when_the_api_is_throttled(machine: Any, failing: Any) -> None:
    failing.fail("POST", "SageMaker.CreateModelPackage", times=2, status=400, code="ThrottlingException")
    step = registration("register", f"s3://{machine.s3.bucket}/model.tar.gz", RetryPolicies=[SERVICE_FAULT])

    execution = machine.execute(definition(step))

    assert execution.status == "Succeeded", execution.reason
    assert execution.steps[0].attempts == 3
    assert execution.model_package_arn is not None


def test_fault_of_one_step_leaves_what_runs_beside_it_alone(machine: Any, failing: Any) -> None:
    failing.fail("PUT", "/models/", times=1)
    fit = training("fit", bucket=machine.s3.bucket, RetryPolicies=[SERVICE_FAULT])
    use = processing("use", environment={"MODEL": get("Steps.fit.ModelArtifacts.S3ModelArtifacts")})

    execution = machine.execute(definition(fit, processing("other"), use))

    assert {step.name: step.attempts for step in execution.steps} == {"fit": 2, "other": 1, "use": 1}
    assert execution.status == "Succeeded"
