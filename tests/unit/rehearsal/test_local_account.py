"""The account on this machine: which server answers, and who finds it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.rehearsal.aws.account import LocalAccount, local_account
from abalone.rehearsal.aws.ministack import find_ministack
from abalone.rehearsal.aws.routing import endpoint_of, endpoint_variables
from abalone.rehearsal.infrastructure.leftovers import leftovers
from support.project import REPOSITORY
from support.tools import require_ministack

LOCAL_AWS = [sys.executable, "-m", "abalone.rehearsal.aws"]
PRINT_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"
VARIABLES = endpoint_variables(ministack="http://127.0.0.1:1", moto="http://127.0.0.1:2")


@pytest.fixture(scope="module")
def account() -> Iterator[LocalAccount]:
    require_ministack()
    with local_account() as account:
        yield account


def run_local_aws(*command: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    require_ministack()
    return subprocess.run(
        [*LOCAL_AWS, "--", *command],
        cwd=REPOSITORY,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("service", ["s3", "lambda", "events", "stepfunctions", "logs", "kms", "sqs"])
def test_service_that_runs_things_is_ministacks(service: str) -> None:
    assert endpoint_of(service, VARIABLES) == "http://127.0.0.1:1"


@pytest.mark.parametrize("service", ["iam", "ec2", "sagemaker", "codepipeline", "glue", "cloudwatch", "dynamodb"])
def test_every_other_service_is_motos_or_the_shims(service: str) -> None:
    assert endpoint_of(service, VARIABLES) == "http://127.0.0.1:2"


def test_missing_ministack_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ABALONE_MINISTACK", str(tmp_path / "ministack"))

    with pytest.raises(AbaloneError, match=r"there is no MiniStack at .*: `make local-aws` installs it"):
        find_ministack()


def test_servers_agree_on_the_account(account: LocalAccount) -> None:
    topic = account.client("sns").create_topic(Name="alerts")["TopicArn"]
    user = account.client("sts").get_caller_identity()["Arn"]

    assert topic.split(":")[3:5] == ["eu-west-1", user.split(":")[4]]


def test_job_of_glue_keeps_its_tags_and_limits(account: LocalAccount) -> None:
    glue = account.client("glue")

    glue.create_job(
        Name="prepare",
        Role="role",
        Command={"Name": "glueetl"},
        ExecutionProperty={"MaxConcurrentRuns": 3},
        Tags={"project": "abalone"},
    )

    tags = glue.get_tags(ResourceArn="arn:aws:glue:eu-west-1:123456789012:job/prepare")["Tags"]
    assert glue.get_job(JobName="prepare")["Job"]["ExecutionProperty"] == {"MaxConcurrentRuns": 3}
    assert tags == {"project": "abalone"}


def test_error_of_ministack_comes_through_the_shim(account: LocalAccount) -> None:
    glue = account.client("glue")

    with pytest.raises(glue.exceptions.EntityNotFoundException, match="Job nowhere not found"):
        glue.get_job(JobName="nowhere")


def test_what_is_left_of_an_environment_is_found_in_every_server(account: LocalAccount) -> None:
    account.client("logs").create_log_group(logGroupName="/aws/lambda/abalone-prd-launch-etl")
    account.client("codecommit").create_repository(repositoryName="abalone-prd")
    account.client("iam").create_role(RoleName="abalone-prd-job", AssumeRolePolicyDocument="{}")
    account.client("sqs").create_queue(QueueName="abalone-dev-events")

    assert set(leftovers(account, "prd")) == {
        "codecommit abalone-prd",
        "iam abalone-prd-job",
        "logs /aws/lambda/abalone-prd-launch-etl",
    }


def test_command_can_reach_no_other_account() -> None:
    real = {
        "AWS_PROFILE": "production",
        "AWS_ENDPOINT_URL_S3": "https://elsewhere.invalid",
        "AWS_SESSION_TOKEN": "real",
        "AWS_CA_BUNDLE": "/somewhere/bundle.pem",
        "TF_CLI_CONFIG_FILE": "/somewhere/terraformrc",
    }

    completed = run_local_aws(sys.executable, "-c", PRINT_ENVIRONMENT, env=real)

    environment = json.loads(completed.stdout)
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "TF_CLI_CONFIG_FILE"} & set(environment)
    assert environment["AWS_ENDPOINT_URL_S3"].startswith("http://127.0.0.1:")
    assert environment["TF_VAR_emulated"] == "true"


def test_exit_code_is_that_of_the_command_in_the_account() -> None:
    assert run_local_aws(sys.executable, "-c", "raise SystemExit(7)").returncode == 7


def test_exports_make_another_shell_use_the_account() -> None:
    require_ministack()
    program = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
    with subprocess.Popen(LOCAL_AWS, env={**os.environ, "AWS_PROFILE": "production"}, stdout=subprocess.PIPE) as server:
        try:
            lines = []
            assert server.stdout is not None
            while not lines or not lines[-1].startswith("export TF_VAR_emulated="):
                lines.append(server.stdout.readline().decode())
                assert lines[-1], "the account did not start"

            script = "".join([*lines, f"{sys.executable} -c {json.dumps(program)}"])
            completed = subprocess.run(
                ["bash", "-c", script],
                env={**os.environ, "AWS_PROFILE": "production"},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            server.terminate()

    assert completed.stdout.strip() == "123456789012", completed.stderr
