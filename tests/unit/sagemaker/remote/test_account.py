import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.cli.difference import difference
from abalone.sagemaker.remote import account
from support.definitions import DEFINITION
from support.s3 import BUCKET
from support.sagemaker_account import ROLE, Account, new_account

NAME = "abalone-dev"


@pytest.fixture
def aws() -> Iterator[Account]:
    with new_account() as new:
        yield new


def compiled(definition: dict[str, Any] = DEFINITION, **tags: str) -> Any:
    """What the commands read of a compiled pipeline."""
    configuration = SimpleNamespace(aws=SimpleNamespace(execution_role=ROLE), tags=tags)
    return SimpleNamespace(pipeline=SimpleNamespace(name=NAME), definition=definition, configuration=configuration)


def test_pipeline_is_created_then_updated(aws: Account) -> None:
    changed = {**DEFINITION, "Steps": []}

    account.upsert(aws.sagemaker, compiled(project="abalone"))
    account.upsert(aws.sagemaker, compiled(changed, project="abalone", environment="dev"))

    described = aws.sagemaker.describe_pipeline(PipelineName=NAME)
    tags = aws.sagemaker.list_tags(ResourceArn=described["PipelineArn"])["Tags"]
    assert json.loads(described["PipelineDefinition"]) == changed
    assert described["RoleArn"] == ROLE
    assert {"Key": "environment", "Value": "dev"} in tags


def test_definition_that_is_too_large_is_refused_with_the_remedy(aws: Account) -> None:
    large = {**DEFINITION, "Metadata": "x" * account.MAXIMUM_BYTES}

    with pytest.raises(AbaloneError, match=r"1,048,576 bytes.*put more nodes into one group"):
        account.upsert(aws.sagemaker, compiled(large))


def test_execution_is_started_with_its_parameters(aws: Account) -> None:
    account.upsert(aws.sagemaker, compiled())

    arn = account.start(aws.sagemaker, NAME, {"landing_batches-version": "a1b2"})

    parameters = aws.sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
    assert parameters == [{"Name": "landing_batches-version", "Value": "a1b2"}]


def test_execution_of_a_pipeline_whose_version_is_not_told_is_one_of_the_latest(aws: Account) -> None:
    version = account.upsert(aws.sagemaker, compiled())

    arn = account.start(aws.sagemaker, NAME, {}, version)

    assert version is None
    assert aws.sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionArn"] == arn


def test_only_files_that_are_missing_are_uploaded(aws: Account) -> None:
    aws.client.put_object(Bucket=BUCKET, Key="parameters/there", Body=b"before")

    account.upload(
        aws.client, {f"s3://{BUCKET}/parameters/there": b"after", f"s3://{BUCKET}/parameters/missing": b"new"}
    )

    assert aws.read("parameters/there") == b"before"
    assert aws.read("parameters/missing") == b"new"


def test_upload_into_a_bucket_that_does_not_exist_is_not_passed_over(aws: Account) -> None:
    with pytest.raises(aws.client.exceptions.NoSuchBucket):
        account.upload(aws.client, {"s3://nowhere/parameters/a": b"new"})


def test_difference_is_told_before_there_is_a_pipeline(aws: Account) -> None:
    assert difference(aws.sagemaker, NAME, DEFINITION) == "The account has no pipeline abalone-dev yet."


def test_no_difference_is_told(aws: Account) -> None:
    account.upsert(aws.sagemaker, compiled())

    assert difference(aws.sagemaker, NAME, DEFINITION).startswith("No change")


def test_difference_shows_what_was_and_what_will_be_in_colours(aws: Account) -> None:
    account.upsert(aws.sagemaker, compiled())
    parameter = {**DEFINITION["Parameters"][0], "DefaultValue": 7}

    text = difference(aws.sagemaker, NAME, {**DEFINITION, "Parameters": [parameter]})

    assert '\x1b[31m-      "DefaultValue": 0\x1b[0m' in text
    assert '\x1b[32m+      "DefaultValue": 7\x1b[0m' in text
    assert "abalone-dev in the account" in text
