"""Retraining as it runs on AWS: the state machine, its function, and the marker on S3."""

import json

import pytest

from support.delivery_account import BUCKET, NAME, DeliveryAccount

MARKER = "state/retraining/last_start.json"


@pytest.fixture(autouse=True)
def _nothing_trained_yet(account: DeliveryAccount) -> None:
    account.client("s3").delete_object(Bucket=BUCKET, Key=MARKER)
    for execution in pipeline_executions(account, "InProgress"):
        account.client("codepipeline").stop_pipeline_execution(pipelineName=NAME, pipelineExecutionId=execution)


def pipeline_executions(account: DeliveryAccount, status: str) -> list[str]:
    listed = account.client("codepipeline").list_pipeline_executions(pipelineName=NAME)
    summaries = listed["pipelineExecutionSummaries"]
    return [summary["pipelineExecutionId"] for summary in summaries if summary["status"] == status]


def test_three_requests_at_once_start_one_execution(account: DeliveryAccount) -> None:
    requests = [{"reason": reason, "detail": {}} for reason in ("drift", "new-data", "schedule")]

    started = [account.start("retraining", request) for request in requests]
    ended = [account.ended(execution) for execution in started]

    assert [execution["status"] for execution in ended] == ["SUCCEEDED"] * 3, ended
    answers = [json.loads(execution["output"]) for execution in ended]
    assert sorted(answer["status"] for answer in answers) == ["already-running", "already-running", "started"]
    started_id = next(answer["pipeline_execution_id"] for answer in answers if answer["status"] == "started")
    assert pipeline_executions(account, "InProgress") == [started_id]


def test_second_request_within_the_cool_down_starts_nothing(account: DeliveryAccount) -> None:
    first = account.ended(account.start("retraining", {"reason": "drift"}))
    execution = json.loads(first["output"])["pipeline_execution_id"]
    account.client("codepipeline").stop_pipeline_execution(pipelineName=NAME, pipelineExecutionId=execution)

    second = account.ended(account.start("retraining", {"reason": "schedule"}))

    assert json.loads(second["output"])["status"] == "cooling-down"
    assert pipeline_executions(account, "InProgress") == []


def test_pipeline_that_is_gone_fails_the_request_clearly_and_only_until_it_is_back(
    account: DeliveryAccount,
) -> None:
    codepipeline = account.client("codepipeline")
    pipeline = codepipeline.get_pipeline(name=NAME)["pipeline"]
    codepipeline.delete_pipeline(name=NAME)

    failed = account.ended(account.start("retraining", {"reason": "manual"}))
    codepipeline.create_pipeline(pipeline=pipeline)
    after = account.ended(account.start("retraining", {"reason": "manual"}))

    assert failed["error"] == "RetrainingFailed"
    assert f"{NAME} does not exist" in failed["cause"]
    assert failed["cause"] in account.told(failed["executionArn"])["Message"]
    assert json.loads(after["output"])["status"] == "started"
