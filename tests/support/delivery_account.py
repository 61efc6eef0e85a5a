"""A local AWS account with the functions and the state machines of the delivery path, and what they need."""

import functools
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from abalone.rehearsal.aws.account import LocalAccount, local_account
from abalone.rehearsal.isolation import ACCOUNT, REGION
from support.project import REPOSITORY
from support.tools import require_ministack
from support.waiting import await_that

BUCKET = "abalone-dev-data"
NAME = "abalone-dev"
PREFIX = "/abalone/dev"
FUNCTIONS = ("launch_etl", "evaluate_endpoint", "register_model", "launch_retraining")
MACHINES = ("etl", "system_test", "retraining")
PARAMETERS = {
    "thresholds/rmse": "2.6",
    "thresholds/mae": "2",
    "thresholds/coverage": "0.8",
    "thresholds/latency-p95-ms": "60000",
    "retraining/cool-down-hours": "24",
    "retraining/new-data-share": "0.1",
}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/abalone"
EXECUTION_SECONDS = 180
"""What an execution may take on a busy machine, with every function started anew."""


@dataclass(frozen=True)
class DeliveryAccount:
    """The account.

    Attributes:
        aws: Its servers.
        client: Returns boto3's client of a service, by its name.
        queue: URL of a queue that has what the topic of the failures was told.
    """

    aws: LocalAccount
    client: Callable[[str], Any]
    queue: str

    def start(self, machine: str, request: Mapping[str, Any]) -> str:
        """Start an execution of a state machine and return its ARN."""
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=machine_arn(machine), input=json.dumps(request)
        )
        return started["executionArn"]

    def ended(self, execution: str) -> dict[str, Any]:
        """Wait for the end of an execution, and describe it."""
        client = self.client("stepfunctions")

        def described() -> dict[str, Any]:
            return client.describe_execution(executionArn=execution)

        await_that(lambda: described()["status"] != "RUNNING", "the execution does not end", 0.1, EXECUTION_SECONDS)
        return described()

    def told(self, execution: str) -> dict[str, Any]:
        """Wait for the notification of an execution that failed."""
        sqs, told = self.client("sqs"), []

        def received() -> bool:
            answer = sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            notifications = [json.loads(message["Body"]) for message in answer.get("Messages", [])]
            told.extend(each for each in notifications if execution in each["Message"])
            return bool(told)

        await_that(received, "nothing was told")
        return told[0]

    def set_parameters(self, values: Mapping[str, str]) -> None:
        """Set parameters, by their names below the prefix."""
        for name, value in values.items():
            self.client("ssm").put_parameter(Name=f"{PREFIX}/{name}", Value=value, Type="String", Overwrite=True)

    def register_package(self) -> str:
        """Register one more model package, which waits for its approval, and return its ARN."""
        made = self.client("sagemaker").create_model_package(
            ModelPackageGroupName=NAME, ModelApprovalStatus="PendingManualApproval"
        )
        return made["ModelPackageArn"]

    def package(self, arn: str) -> dict[str, Any]:
        """Describe a model package."""
        return self.client("sagemaker").describe_model_package(ModelPackageName=arn)


def machine_arn(machine: str) -> str:
    return f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{NAME}-{machine.replace('_', '-')}"


def function_arn(function: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}-{function.replace('_', '-')}"


def definition(machine: str, topic: str) -> str:
    """A state machine's definition, with its variables filled in as Terraform does."""
    values = {f"{function}_arn": function_arn(function) for function in FUNCTIONS}
    values |= {"topic_arn": topic, "parameter_prefix": PREFIX, "glue_job_name": NAME}
    text = (REPOSITORY / "delivery" / "state_machines" / f"{machine}.asl.json").read_text(encoding="utf-8")
    return re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], text)


@contextmanager
def delivery_account(scratch: Path, endpoint: str) -> Iterator[DeliveryAccount]:
    """Run the account as long as the context is open.

    Args:
        scratch: A folder for the functions' archive.
        endpoint: URL of what answers for SageMaker's endpoints.
    """
    require_ministack()
    with _local_account(endpoint) as aws:
        client = functools.cache(aws.client)
        client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        topic, queue = _topic_with_queue(client)
        _create_functions(client("lambda"), _archive(scratch))
        for machine in MACHINES:
            client("stepfunctions").create_state_machine(
                name=machine_arn(machine).rpartition(":")[2], definition=definition(machine, topic), roleArn=ROLE
            )
        client("sagemaker").create_model_package_group(ModelPackageGroupName=NAME)
        client("codepipeline").create_pipeline(pipeline=PIPELINE)
        account = DeliveryAccount(aws, client, queue)
        account.set_parameters(PARAMETERS)
        yield account


_STAGE = {
    "name": "Source",
    "actions": [
        {
            "name": "Source",
            "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
            "outputArtifacts": [{"name": "Source"}],
        }
    ],
}
PIPELINE = {
    "name": NAME,
    "roleArn": ROLE,
    "artifactStore": {"type": "S3", "location": BUCKET},
    "stages": [_STAGE, {**_STAGE, "name": "Train"}],
}


@contextmanager
def _local_account(endpoint: str) -> Iterator[LocalAccount]:
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            # What waits between attempts is MiniStack's: a hundredth of what the machines say.
            patch.setenv("SFN_WAIT_SCALE", "0.01")
            account = stack.enter_context(local_account({"AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": endpoint}))
        yield account


def _archive(scratch: Path) -> bytes:
    path = scratch / "lambdas.zip"
    subprocess.run([sys.executable, REPOSITORY / "delivery" / "lambdas" / "build.py", path], check=True)
    return path.read_bytes()


def _topic_with_queue(client: Callable[[str], Any]) -> tuple[str, str]:
    """A topic, by its ARN, and a queue that has what the topic is told, by its URL."""
    topic = client("sns").create_topic(Name=NAME)["TopicArn"]
    queue = client("sqs").create_queue(QueueName=NAME)["QueueUrl"]
    described = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=described["Attributes"]["QueueArn"])
    return topic, queue


def _create_functions(functions: Any, archive: bytes) -> None:
    variables = {
        "ABALONE_BUCKET": BUCKET,
        "ABALONE_PARAMETER_PREFIX": PREFIX,
        "ABALONE_PIPELINE": NAME,
        "ABALONE_MODEL_PACKAGE_GROUP": NAME,
        "ABALONE_ETL_STATE_MACHINE": machine_arn("etl"),
        "ABALONE_WARM_UP_REQUESTS": "1",
        "ABALONE_LATENCY_REQUESTS": "2",
    }
    for function in FUNCTIONS:
        functions.create_function(
            FunctionName=function_arn(function).rpartition(":")[2],
            Runtime="python3.12",
            Role=ROLE,
            Handler=f"abalone.lambdas.{function}.handler",
            Code={"ZipFile": archive},
            Timeout=60,
            Environment={"Variables": variables},
        )
