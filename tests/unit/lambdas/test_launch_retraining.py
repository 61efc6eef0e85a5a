import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from abalone.lambdas.claims import KEY, Claim
from abalone.lambdas.errors import EventError, SettingError
from abalone.lambdas.launch_retraining import handler
from support.json_service import json_service
from support.retraining import COOL_DOWN, asked_by

pytestmark = pytest.mark.usefixtures("pipeline")


@pytest.fixture
def start_is_refused(redirect) -> Iterator[None]:
    with json_service({"ListPipelineExecutions": no_executions}) as url:
        redirect("CODEPIPELINE", url)
        yield


@pytest.fixture
def start_is_not_answered(redirect, monkeypatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with json_service({"ListPipelineExecutions": no_executions, "StartPipelineExecution": hang_up}) as url:
        redirect("CODEPIPELINE", url)
        yield


def no_executions(_request):
    return {"pipelineExecutionSummaries": []}


def hang_up(_request):
    raise ConnectionAbortedError


@pytest.mark.parametrize("reason", ["drift", "performance", "new-data", "schedule", "manual"])
def test_first_request_starts_the_pipeline_and_leaves_a_marker(context, executions, store, reason):
    answer = handler(asked_by("one", reason), context)

    (execution,) = executions()
    assert answer == {"status": "started", "pipeline_execution_id": execution["pipelineExecutionId"]}
    claim = store.last().claim
    assert (claim.by, claim.reason, claim.execution_id) == ("one", reason, execution["pipelineExecutionId"])


def test_same_request_again_gets_the_same_answer(context, executions):
    answers = [handler(asked_by("one"), context) for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(executions()) == 1


def test_request_while_the_pipeline_runs_starts_nothing(context, executions, aws, pipeline):
    running = aws("codepipeline").start_pipeline_execution(name=pipeline)["pipelineExecutionId"]

    answer = handler(asked_by("one"), context)

    assert answer == {"status": "already-running", "pipeline_execution_id": running}
    assert len(executions()) == 1


def test_request_within_the_cool_down_starts_nothing_and_says_until_when(context, executions, end_all, store):
    handler(asked_by("one"), context)
    end_all()

    answer = handler(asked_by("two"), context)

    until = store.last().claim.at + timedelta(hours=24)
    assert answer == {"status": "cooling-down", "until": until.isoformat()}
    assert len(executions()) == 1


def test_request_after_the_cool_down_starts_the_pipeline_again(context, executions, end_all, aws):
    handler(asked_by("one"), context)
    end_all()
    aws("ssm").put_parameter(Name=COOL_DOWN, Value="0", Type="String", Overwrite=True)

    answer = handler(asked_by("two", "manual"), context)

    assert answer["status"] == "started"
    assert len(executions()) == 2


def test_request_while_another_is_starting_the_pipeline_starts_nothing(context, executions, store):
    store.replace(None, Claim("one", "drift", datetime.now(UTC)))

    assert handler(asked_by("two"), context) == {"status": "already-running"}
    assert executions() == []


def test_attempt_after_one_that_ended_before_its_start_starts_the_pipeline(context, store):
    store.replace(None, Claim("one", "drift", datetime.now(UTC)))

    assert handler(asked_by("one"), context)["status"] == "started"


def test_attempt_after_one_whose_start_was_not_answered_gets_what_that_started(
    context, aws, pipeline, executions, store
):
    store.replace(None, Claim("one", "drift", datetime.now(UTC)))
    token = hashlib.sha256(b"one").hexdigest()
    started = aws("codepipeline").start_pipeline_execution(name=pipeline, clientRequestToken=token)

    answer = handler(asked_by("one"), context)

    execution_id = started["pipelineExecutionId"]
    assert answer == {"status": "started", "pipeline_execution_id": execution_id}
    assert len(executions()) == 1
    assert store.last().claim.execution_id == execution_id


def test_claim_that_was_left_long_ago_stops_nobody(context, store):
    store.replace(None, Claim("one", "drift", datetime.now(UTC) - timedelta(minutes=6)))

    assert handler(asked_by("two"), context)["status"] == "started"


def test_only_one_of_two_that_read_the_same_marker_replaces_it(store):
    before = store.replace(None, Claim("one", "drift", datetime.now(UTC), "execution"))

    written = [store.replace(before, Claim(by, "drift", datetime.now(UTC))) for by in ("two", "three")]

    assert [kept is not None for kept in written] == [True, False]
    assert store.last().claim.by == "two"


def test_only_one_of_two_that_read_no_marker_writes_one(store):
    written = [store.replace(None, Claim(by, "drift", datetime.now(UTC))) for by in ("one", "two")]

    assert [kept is not None for kept in written] == [True, False]


@pytest.mark.usefixtures("start_is_refused")
def test_start_that_is_refused_leaves_no_marker(context, store):
    with pytest.raises(ClientError, match="you may not StartPipelineExecution"):
        handler(asked_by("one"), context)

    assert store.last() is None


@pytest.mark.usefixtures("start_is_refused")
def test_start_that_is_refused_leaves_the_marker_of_the_last_one(context, store):
    before = Claim("one", "drift", datetime.now(UTC) - timedelta(hours=25), "execution")
    store.replace(None, before)

    with pytest.raises(ClientError, match="you may not StartPipelineExecution"):
        handler(asked_by("two"), context)

    assert store.last().claim == before


@pytest.mark.usefixtures("start_is_not_answered")
def test_start_that_is_not_answered_leaves_the_claim(context, store):
    with pytest.raises(ConnectionClosedError):
        handler(asked_by("one"), context)

    claim = store.last().claim
    assert (claim.by, claim.execution_id) == ("one", None)


@pytest.mark.parametrize("reason", ["boredom", "", None])
def test_unknown_reason_is_refused(context, executions, reason):
    with pytest.raises(EventError):
        handler(asked_by("one", reason), context)

    assert executions() == []


def test_cool_down_that_is_no_number_is_named(context, end_all, aws):
    handler(asked_by("one"), context)
    end_all()
    aws("ssm").put_parameter(Name=COOL_DOWN, Value="a day", Type="String", Overwrite=True)

    with pytest.raises(SettingError, match=f"{COOL_DOWN} is 'a day': set it to a number of hours"):
        handler(asked_by("two"), context)


def test_marker_is_readable_json(context, aws, bucket):
    handler(asked_by("one"), context)

    body = aws("s3").get_object(Bucket=bucket, Key=KEY)["Body"].read()
    assert set(json.loads(body)) == {"by", "reason", "at", "execution_id", "landing_bytes"}
