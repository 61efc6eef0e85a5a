import json
import uuid

import pytest
from botocore.exceptions import ClientError

from abalone.lambdas.errors import EventError, SettingError
from abalone.lambdas.launch_etl import handler
from support.json_service import json_service

DEFINITION = json.dumps({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}})
BATCH = "data/01_raw/landing/north_2026.csv"


@pytest.fixture(autouse=True)
def machine(aws, monkeypatch) -> str:
    """A state machine that nobody has started yet."""
    role = "arn:aws:iam::123456789012:role/abalone"
    made = aws("stepfunctions").create_state_machine(name=f"etl-{uuid.uuid4()}", definition=DEFINITION, roleArn=role)
    monkeypatch.setenv("ABALONE_ETL_STATE_MACHINE", made["stateMachineArn"])
    return made["stateMachineArn"]


@pytest.fixture
def executions(aws, machine):
    return lambda: aws("stepfunctions").list_executions(stateMachineArn=machine)["executions"]


def landed(bucket, key=BATCH, sequencer="0055AED6DCD90281E5", **obj):
    detail = {"bucket": {"name": bucket}, "object": {"key": key, "sequencer": sequencer, **obj}}
    return {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}


def pipeline_job(job_id, **data):
    return {"CodePipeline.job": {"id": job_id, "accountId": "123456789012", "data": data}}


def test_batch_that_lands_starts_an_execution_that_knows_it(bucket, context, aws):
    answer = handler(landed(bucket), context)

    assert answer["status"] == "started"
    started = aws("stepfunctions").describe_execution(executionArn=answer["execution_arn"])
    assert json.loads(started["input"]) == {"source": "landing", "bucket": bucket, "key": BATCH, "job_id": None}


def test_event_that_comes_twice_starts_one_execution(bucket, context, executions):
    answers = [handler(landed(bucket), context) for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(executions()) == 1


def test_event_that_comes_again_after_its_execution_ended_starts_none(bucket, context, executions, aws):
    first = handler(landed(bucket), context)
    aws("stepfunctions").stop_execution(executionArn=first["execution_arn"])

    second = handler(landed(bucket), context)

    assert second["execution_arn"] == first["execution_arn"]
    assert len(executions()) == 1


def test_new_version_of_a_batch_starts_another_execution(bucket, context, executions):
    for version in ("one", "two"):
        handler(landed(bucket, **{"version-id": version}), context)

    assert len(executions()) == 2


@pytest.mark.parametrize(
    "key",
    ["data/01_raw/captures/a.csv", "data/01_raw/landing/notes.txt", "data/01_raw/landing/.old/a.csv", "a.csv"],
)
def test_object_that_is_no_batch_is_ignored(bucket, context, executions, key):
    assert handler(landed(bucket, key), context) == {"status": "ignored"}
    assert executions() == []


def test_batch_in_another_bucket_is_ignored(context, executions):
    assert handler(landed("somebody-elses"), context) == {"status": "ignored"}
    assert executions() == []


def test_person_starts_an_execution_once_an_invocation(context, executions, aws):
    answers = [handler({"source": "manual"}, context) for _ in range(2)]

    assert len(executions()) == 1
    started = aws("stepfunctions").describe_execution(executionArn=answers[0]["execution_arn"])
    assert json.loads(started["input"])["source"] == "manual"


@pytest.mark.parametrize(
    "event",
    [{}, {"source": "else"}, {"source": "manual", "key": 1}, {"detail-type": "Object Created", "detail": {}}],
)
def test_event_of_no_kind_is_refused(context, executions, event):
    with pytest.raises(EventError):
        handler(event, context)

    assert executions() == []


def test_missing_variable_is_named(context, monkeypatch):
    monkeypatch.delenv("ABALONE_ETL_STATE_MACHINE")

    with pytest.raises(SettingError, match="ABALONE_ETL_STATE_MACHINE of the function is not set"):
        handler({"source": "manual"}, context)


def test_first_call_of_a_job_starts_an_execution_and_asks_to_be_called_again(context, executions, asked):
    job = str(uuid.uuid4())

    answer = handler(pipeline_job(job), context)

    assert answer["status"] == "running"
    assert [execution["executionArn"] for execution in executions()] == [answer["execution_arn"]]
    assert [told["continuationToken"] for told in asked("PutJobSuccessResult", job)] == [answer["execution_arn"]]


def test_first_call_of_a_job_that_comes_twice_starts_one_execution(context, executions):
    job = str(uuid.uuid4())

    answers = [handler(pipeline_job(job), context) for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(executions()) == 1


def test_later_call_looks_at_the_execution_that_the_token_names(context, executions, asked):
    execution = handler(pipeline_job(str(uuid.uuid4())), context)["execution_arn"]
    later = str(uuid.uuid4())

    handler(pipeline_job(later, continuationToken=execution), context)

    assert len(executions()) == 1
    assert [told["continuationToken"] for told in asked("PutJobSuccessResult", later)] == [execution]


def test_execution_that_was_stopped_fails_the_job(context, asked, aws):
    execution = handler(pipeline_job(str(uuid.uuid4())), context)["execution_arn"]
    aws("stepfunctions").stop_execution(executionArn=execution, error="EtlFailed", cause="no such column")
    later = str(uuid.uuid4())

    answer = handler(pipeline_job(later, continuationToken=execution), context)

    assert answer["status"] == "aborted"
    (told,) = asked("PutJobFailureResult", later)
    assert told["failureDetails"]["type"] == "JobFailed"
    assert told["failureDetails"]["message"].startswith(f"{execution} ABORTED")


def test_execution_that_cannot_be_looked_at_just_now_fails_no_job(context, asked, redirect):
    execution = handler(pipeline_job(str(uuid.uuid4())), context)["execution_arn"]
    later = str(uuid.uuid4())

    with json_service({}) as url:
        redirect("SFN", url)
        with pytest.raises(ClientError, match="you may not DescribeExecution"):
            handler(pipeline_job(later, continuationToken=execution), context)

    assert asked("PutJobFailureResult", later) == []


def test_job_whose_execution_cannot_start_fails_at_once_with_the_reason(context, asked, monkeypatch):
    monkeypatch.setenv("ABALONE_ETL_STATE_MACHINE", "arn:aws:states:eu-west-1:123456789012:stateMachine:none")
    job = str(uuid.uuid4())

    answer = handler(pipeline_job(job), context)

    assert answer == {"status": "failed"}
    (told,) = asked("PutJobFailureResult", job)
    assert "State Machine Does Not Exist" in told["failureDetails"]["message"]
