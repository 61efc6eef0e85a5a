import json
import os
import subprocess
import sys
from collections.abc import Iterator

import boto3
import pytest

from abalone.rehearsal.server import HOST, free_port, running_server
from support.project import REPOSITORY
from support.waiting import free_port as closed_port

ROLE = "arn:aws:iam::123456789012:role/abalone"
TEMPLATE = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An account on this machine."""
    port = free_port()
    nobody = f"http://{HOST}:{closed_port()}"
    command = [sys.executable, "-m", "abalone.rehearsal.shim", "--port", str(port), "--ministack", nobody]
    with running_server(command, port):
        variables = {
            "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        yield


def remove(environment: str, *options: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "delivery/remove_releases.py", "--env", environment, *options]
    return subprocess.run(
        command, cwd=REPOSITORY, env=dict(os.environ), input=answer, capture_output=True, text=True, check=False
    )


def release(environment: str) -> None:
    name = f"abalone-{environment}"
    for stage in ("staging", "production"):
        boto3.client("cloudformation").create_stack(StackName=f"{name}-endpoint-{stage}", TemplateBody=TEMPLATE)
    sagemaker = boto3.client("sagemaker")
    for pipeline in (name, f"{name}-monitoring"):
        sagemaker.create_pipeline(
            PipelineName=pipeline,
            PipelineDefinition="{}",
            ClientRequestToken="0" * 32,
            RoleArn=ROLE,
            PipelineDisplayName=pipeline,
        )
    sagemaker.create_model_package_group(ModelPackageGroupName=name, ModelPackageGroupDescription="models")
    for _ in range(2):
        sagemaker.create_model_package(ModelPackageGroupName=name, ModelPackageDescription="a model")
    boto3.client("ssm").put_parameter(Name=f"/abalone/{environment}/serving/model", Value="s3://a/b", Type="String")


def left(environment: str) -> dict[str, int]:
    name = f"abalone-{environment}"
    sagemaker = boto3.client("sagemaker")
    stacks = boto3.client("cloudformation").list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]
    return {
        "stacks": sum(stack["StackName"].startswith(name) for stack in stacks),
        "pipelines": len(sagemaker.list_pipelines(PipelineNamePrefix=name)["PipelineSummaries"]),
        "packages": len(sagemaker.list_model_packages(ModelPackageGroupName=name)["ModelPackageSummaryList"]),
        "parameters": len(
            boto3.client("ssm").get_parameters_by_path(Path=f"/abalone/{environment}/serving")["Parameters"]
        ),
    }


@pytest.mark.usefixtures("account")
def test_releases_of_one_environment_are_removed_and_those_of_another_stay() -> None:
    release("dev")
    release("prd")
    there = left("prd")

    removed = remove("dev", "--yes")

    assert removed.returncode == 0, removed.stderr
    assert "2 model packages of abalone-dev" in removed.stdout
    assert left("dev") == {"stacks": 0, "pipelines": 0, "packages": 0, "parameters": 0}
    assert left("prd") == there == {"stacks": 2, "pipelines": 2, "packages": 2, "parameters": 1}


@pytest.mark.usefixtures("account")
def test_what_is_gone_already_is_passed_over() -> None:
    removed = remove("dev", "--yes")

    assert removed.returncode == 0, removed.stderr
    assert "0 model packages of abalone-dev" in removed.stdout


def test_account_that_does_not_answer_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)

    removed = remove("dev", "--yes")

    assert removed.returncode == 1
    assert removed.stderr.startswith("Error: Could not connect")
    assert len(removed.stderr.splitlines()) == 1


@pytest.mark.usefixtures("account")
def test_nothing_is_removed_unless_the_name_is_given_as_the_answer() -> None:
    release("dev")
    there = left("dev")

    refused = [remove("dev", answer=answer) for answer in ("", "yes\n", "abalone-prd\n")]

    assert [(each.returncode, each.stderr) for each in refused] == [(1, "Nothing was deleted\n")] * 3
    assert "in account 123456789012" in refused[0].stdout
    assert left("dev") == there
    assert remove("dev", answer="abalone-dev\n").returncode == 0
    assert left("dev") != there
