"""The functions in this process, on a server that answers as AWS does."""

import functools
import threading
import uuid
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from abalone.lambdas import runtime
from abalone.lambdas.claims import ClaimStore
from abalone.rehearsal.client import client
from abalone.rehearsal.isolation import ACCOUNT, IDENTITY, REGION
from abalone.rehearsal.shim.application import Service, Shim
from abalone.rehearsal.shim.codepipeline import CodePipeline
from support.retraining import COOL_DOWN, SHARE, described

NAME = "abalone-test"
PREFIX = "/abalone/test"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{NAME}-etl"


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Where S3, SSM, Step Functions, SageMaker and CodePipeline answer."""
    application = Shim(DomainDispatcherApplication(create_backend_app), [Service("codepipeline", CodePipeline())])
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    runtime.client.cache_clear()
    yield f"http://127.0.0.1:{server.port}"
    runtime.client.cache_clear()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def aws(endpoint: str) -> Callable[[str], Any]:
    """Clients, by the name of the service."""
    return functools.cache(lambda service: client(service, endpoint))


@pytest.fixture
def bucket(aws: Callable[[str], Any]) -> str:
    """An empty bucket."""
    name = f"{NAME}-{uuid.uuid4()}"
    aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name


@pytest.fixture(autouse=True)
def _environment(endpoint: str, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Terraform tells the functions, and nothing of the user's own AWS."""
    variables = {
        **IDENTITY,
        "AWS_ENDPOINT_URL": endpoint,
        "ABALONE_BUCKET": bucket,
        "ABALONE_PARAMETER_PREFIX": PREFIX,
        "ABALONE_PIPELINE": NAME,
        "ABALONE_MODEL_PACKAGE_GROUP": NAME,
        "ABALONE_ETL_STATE_MACHINE": MACHINE,
        "ABALONE_WARM_UP_REQUESTS": "1",
        "ABALONE_LATENCY_REQUESTS": "5",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def redirect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Let another server answer for a service, by the service's name in variables."""

    def redirected(service: str, url: str) -> None:
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)
        runtime.client.cache_clear()

    yield redirected
    runtime.client.cache_clear()


@pytest.fixture
def context() -> SimpleNamespace:
    """Lambda's context of one invocation."""
    return SimpleNamespace(aws_request_id=str(uuid.uuid4()))


@pytest.fixture
def asked(endpoint: str) -> Callable[[str, str], list[dict[str, Any]]]:
    """What CodePipeline was asked, by operation and job."""

    def requests(operation: str, job_id: str) -> list[dict[str, Any]]:
        listed = httpx.get(f"{endpoint}/_shim/requests", trust_env=False).json()
        asked = [request["parameters"] for request in listed if request["operation"] == operation]
        return [parameters for parameters in asked if parameters.get("jobId") == job_id]

    return requests


@pytest.fixture
def pipeline(aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """A pipeline that nobody has started yet, a cool-down of a day, and a tenth as the share of new data."""
    name = f"abalone-{uuid.uuid4()}"
    aws("codepipeline").create_pipeline(pipeline=described(name))
    monkeypatch.setenv("ABALONE_PIPELINE", name)
    aws("ssm").put_parameter(Name=COOL_DOWN, Value="24", Type="String", Overwrite=True)
    aws("ssm").put_parameter(Name=SHARE, Value="0.1", Type="String", Overwrite=True)
    return name


@pytest.fixture
def store(aws: Callable[[str], Any], bucket: str) -> ClaimStore:
    """Where the last start is kept."""
    return ClaimStore(aws("s3"), bucket)


@pytest.fixture
def executions(aws: Callable[[str], Any], pipeline: str) -> Callable[[], list[dict[str, Any]]]:
    """What has been started of the pipeline."""

    def listed() -> list[dict[str, Any]]:
        return aws("codepipeline").list_pipeline_executions(pipelineName=pipeline)["pipelineExecutionSummaries"]

    return listed


@pytest.fixture
def end_all(aws: Callable[[str], Any], pipeline: str, executions: Callable[[], Any]) -> Callable[[], None]:
    """Ends what has been started."""

    def end() -> None:
        for execution in executions():
            aws("codepipeline").stop_pipeline_execution(
                pipelineName=pipeline, pipelineExecutionId=execution["pipelineExecutionId"]
            )

    return end
