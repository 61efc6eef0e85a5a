"""The ETL as it runs on AWS: started by its function, run by its state machine, and told to CodePipeline."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from support.delivery_account import BUCKET, EXECUTION_SECONDS, NAME, ROLE, DeliveryAccount
from support.waiting import await_that

pytestmark = pytest.mark.timeout(900)

Job = Callable[[str], None]


@pytest.fixture(scope="module", autouse=True)
def _glue_job(account: DeliveryAccount) -> None:
    script = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": f"s3://{BUCKET}/prepare.py"}
    account.client("glue").create_job(Name=NAME, Role=ROLE, Command=script)


@pytest.fixture
def job(account: DeliveryAccount) -> Job:
    """Makes the Glue job run a script."""

    def run(script: str) -> None:
        account.client("s3").put_object(Bucket=BUCKET, Key="prepare.py", Body=script.encode())

    return run


def called(account: DeliveryAccount, **data: str) -> tuple[str, dict[str, Any]]:
    """Call the function as CodePipeline does, and return the job's id and the function's answer."""
    job_id = str(uuid.uuid4())
    event = {"CodePipeline.job": {"id": job_id, "accountId": "123456789012", "data": data}}
    answer = account.client("lambda").invoke(FunctionName=f"{NAME}-launch-etl", Payload=json.dumps(event))
    return job_id, json.loads(answer["Payload"].read())


def called_until_it_ends(account: DeliveryAccount) -> tuple[str, dict[str, Any]]:
    calls = [called(account)]

    def ended() -> bool:
        calls.append(called(account, continuationToken=calls[0][1]["execution_arn"]))
        return calls[-1][1]["status"] != "running"

    await_that(ended, "the execution does not end", 0.1, EXECUTION_SECONDS)
    return calls[-1]


def told_to_codepipeline(account: DeliveryAccount, operation: str, job_id: str) -> dict[str, Any]:
    url = account.aws.endpoints["AWS_ENDPOINT_URL"]
    requests = httpx.get(f"{url}/_shim/requests", trust_env=False).json()
    asked = [request["parameters"] for request in requests if request["operation"] == operation]
    return next(parameters for parameters in asked if parameters["jobId"] == job_id)


def test_job_of_the_pipeline_succeeds_once_the_data_are_prepared(account: DeliveryAccount, job: Job) -> None:
    job("print('prepared')")

    job_id, answer = called_until_it_ends(account)

    assert answer["status"] == "succeeded"
    told = told_to_codepipeline(account, "PutJobSuccessResult", job_id)
    assert told["executionDetails"]["percentComplete"] == 100
    assert "continuationToken" not in told


def test_job_of_the_pipeline_fails_with_the_reason_that_glue_gives(account: DeliveryAccount, job: Job) -> None:
    job("raise SystemExit('The batch north_2026 has no column rings')")

    job_id, answer = called_until_it_ends(account)

    assert answer["status"] == "failed"
    message = told_to_codepipeline(account, "PutJobFailureResult", job_id)["failureDetails"]["message"]
    assert f"of the Glue job {NAME} is FAILED: " in message
    assert f"of the Glue job {NAME} is FAILED: " in account.told(answer["execution_arn"])["Message"]
