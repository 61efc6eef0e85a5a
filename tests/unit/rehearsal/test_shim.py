"""The server for the services that no emulator carries, asked by boto3."""

import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from abalone.rehearsal.client import client
from abalone.rehearsal.server import HOST, free_port, running_server
from support.waiting import free_port as closed_port

PIPELINE = {
    "name": "delivery",
    "roleArn": "arn:aws:iam::123456789012:role/delivery",
    "artifactStore": {"type": "S3", "location": "artifacts"},
    "stages": [],
}
JOB = "11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    port = free_port()
    ministack = f"http://{HOST}:{closed_port()}"
    command = [sys.executable, "-m", "abalone.rehearsal.shim", "--port", str(port), "--ministack", ministack]
    with running_server(command, port):
        yield f"http://{HOST}:{port}"


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return refused.value.response["Error"]["Code"]


@pytest.fixture
def pipelines(endpoint: str) -> Iterator[Any]:
    """CodePipeline, with one pipeline."""
    codepipeline = client("codepipeline", endpoint)
    codepipeline.create_pipeline(pipeline=PIPELINE, tags=[{"key": "project", "value": "abalone"}])
    yield codepipeline
    codepipeline.delete_pipeline(name="delivery")


def test_what_was_created_is_what_is_described(pipelines: Any) -> None:
    described = pipelines.get_pipeline(name="delivery")

    tags = pipelines.list_tags_for_resource(resourceArn=described["metadata"]["pipelineArn"])["tags"]
    assert described["pipeline"] == {**PIPELINE, "version": 1}
    assert tags == [{"key": "project", "value": "abalone"}]


def test_update_is_the_next_version(pipelines: Any) -> None:
    pipelines.update_pipeline(pipeline={**PIPELINE, "pipelineType": "V2"})

    described = pipelines.get_pipeline(name="delivery")["pipeline"]
    assert (described["version"], described["pipelineType"]) == (2, "V2")


def test_name_that_is_taken_is_refused(pipelines: Any) -> None:
    with pytest.raises(pipelines.exceptions.PipelineNameInUseException):
        pipelines.create_pipeline(pipeline=PIPELINE)


def test_token_that_was_seen_before_starts_nothing(pipelines: Any) -> None:
    first = pipelines.start_pipeline_execution(name="delivery", clientRequestToken="once")
    again = pipelines.start_pipeline_execution(name="delivery", clientRequestToken="once")
    pipelines.start_pipeline_execution(name="delivery", clientRequestToken="twice")

    executions = pipelines.list_pipeline_executions(pipelineName="delivery")["pipelineExecutionSummaries"]
    assert first["pipelineExecutionId"] == again["pipelineExecutionId"] == executions[-1]["pipelineExecutionId"]
    assert [execution["status"] for execution in executions] == ["InProgress", "InProgress"]


def test_execution_that_is_stopped_is_no_longer_in_progress(pipelines: Any) -> None:
    execution = pipelines.start_pipeline_execution(name="delivery")["pipelineExecutionId"]

    pipelines.stop_pipeline_execution(pipelineName="delivery", pipelineExecutionId=execution)

    described = pipelines.get_pipeline_execution(pipelineName="delivery", pipelineExecutionId=execution)
    assert described["pipelineExecution"]["status"] == "Stopped"


def test_result_of_a_job_is_in_the_list_of_requests(endpoint: str, pipelines: Any) -> None:
    pipelines.put_job_success_result(jobId=JOB, continuationToken="go on")

    assert httpx.get(f"{endpoint}/_shim/requests", trust_env=False).json()[-1] == {
        "service": "codepipeline",
        "operation": "PutJobSuccessResult",
        "parameters": {"jobId": JOB, "continuationToken": "go on"},
    }


def test_execution_of_no_pipeline_is_refused_with_the_error_of_aws(endpoint: str) -> None:
    codepipeline = client("codepipeline", endpoint)

    with pytest.raises(codepipeline.exceptions.PipelineNotFoundException, match="elsewhere does not exist"):
        codepipeline.start_pipeline_execution(name="elsewhere")


def test_operation_that_is_not_known_is_refused(endpoint: str) -> None:
    with pytest.raises(ClientError, match="no codebuild StartBuild here") as refused:
        client("codebuild", endpoint).start_build(projectName="verify")

    assert code_of(refused) == "UnknownOperationException"


@pytest.mark.parametrize(
    ("parameters", "fault"),
    [
        ({"jobId": "1"}, "request.jobId is '1', which does not match"),
        ({}, 'Missing required parameter in input: "jobId"'),
        ({"jobId": JOB, "token": "x"}, 'Unknown parameter in input: "token"'),
        ({"jobId": JOB, "continuationToken": 1}, "Invalid type for parameter continuationToken"),
        ({"jobId": JOB, "continuationToken": "x" * 2049}, "request.continuationToken is longer than 2048"),
        (
            {"jobId": JOB, "failureDetails": {"type": "Bad", "message": "x"}},
            'Unknown parameter in input: "failureDetails"',
        ),
    ],
)
def test_request_that_the_service_does_not_understand_is_refused(
    endpoint: str, parameters: dict[str, Any], fault: str
) -> None:
    headers = {
        "X-Amz-Target": "CodePipeline_20150709.PutJobSuccessResult",
        "Content-Type": "application/x-amz-json-1.1",
    }

    refused = httpx.post(endpoint, json=parameters, headers=headers, trust_env=False)

    assert refused.status_code == 400
    assert refused.json()["__type"] == "ValidationException"
    assert fault in refused.json()["Message"]


def test_value_that_is_none_of_those_allowed_is_refused(endpoint: str) -> None:
    with pytest.raises(ClientError, match="computePlatform is 'Moon', which is none of Server, Lambda, ECS"):
        client("codedeploy", endpoint).create_application(applicationName="service", computePlatform="Moon")


def test_composite_alarm_stands_beside_those_of_moto(endpoint: str) -> None:
    cloudwatch = client("cloudwatch", endpoint)
    cloudwatch.put_metric_alarm(
        AlarmName="slow", ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1, Threshold=1.0
    )

    cloudwatch.put_composite_alarm(AlarmName="either", AlarmRule="ALARM(slow)")

    described = cloudwatch.describe_alarms()
    assert [alarm["AlarmName"] for alarm in described["MetricAlarms"]] == ["slow"]
    assert [alarm["AlarmRule"] for alarm in described["CompositeAlarms"]] == ["ALARM(slow)"]


def test_group_of_model_packages_is_kept_until_it_is_empty(endpoint: str) -> None:
    sagemaker = client("sagemaker", endpoint)
    sagemaker.create_model_package_group(ModelPackageGroupName="group")
    sagemaker.create_model_package(ModelPackageGroupName="group", ModelPackageDescription="first")

    with pytest.raises(ClientError, match="group has model packages"):
        sagemaker.delete_model_package_group(ModelPackageGroupName="group")


def test_policy_of_a_group_goes_with_the_group(endpoint: str) -> None:
    sagemaker = client("sagemaker", endpoint)
    sagemaker.create_model_package_group(ModelPackageGroupName="shared")
    sagemaker.put_model_package_group_policy(ModelPackageGroupName="shared", ResourcePolicy="{}")
    sagemaker.delete_model_package_group(ModelPackageGroupName="shared")
    sagemaker.create_model_package_group(ModelPackageGroupName="shared")

    with pytest.raises(ClientError, match="Cannot find Model Package Group Policy"):
        sagemaker.get_model_package_group_policy(ModelPackageGroupName="shared")


def test_instances_do_not_inherit_the_tags_of_a_launch_template(endpoint: str) -> None:
    ec2 = client("ec2", endpoint)
    tags = [{"Key": "project", "Value": "abalone"}]

    template = ec2.create_launch_template(
        LaunchTemplateName="service",
        LaunchTemplateData={"InstanceType": "t3.small"},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": tags}],
    )["LaunchTemplate"]

    (version,) = ec2.describe_launch_template_versions(LaunchTemplateName="service")["LaunchTemplateVersions"]
    assert template["Tags"] == tags
    assert version["LaunchTemplateData"] == {"InstanceType": "t3.small"}


def test_query_with_an_unknown_parameter_is_refused(endpoint: str) -> None:
    query = {"Action": "PutCompositeAlarm", "AlarmName": "a", "AlarmRule": "ALARM(b)", "Colour": "red"}
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=me/20260101/eu-west-1/monitoring/aws4_request"}

    refused = httpx.post(endpoint, data={"Version": "2010-08-01", **query}, headers=headers, trust_env=False)

    assert refused.status_code == 400
    assert "PutCompositeAlarm does not know Colour" in refused.text


def test_what_is_not_the_shims_is_motos(endpoint: str) -> None:
    iam = client("iam", endpoint)

    iam.create_role(RoleName="role", AssumeRolePolicyDocument="{}")

    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["role"]
