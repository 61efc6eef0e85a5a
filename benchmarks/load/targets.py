"""What is asked: a URL, a SageMaker endpoint, or a service that is started for the test; each is tried once first."""

import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from abalone.errors import AbaloneError
from benchmarks.serving.processes import DIRECT, HOST, free_port, serving
from benchmarks.serving.rows import JSON, REPOSITORY, encode, read_rows

ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class Target:
    """What is asked.

    Attributes:
        name: For people.
        options: Of Locust, with the class of the users.
        pid: Of the service, where it was started for the test.
    """

    name: str
    options: tuple[str, ...]
    pid: int | None = None


def at_url(url: str) -> Target:
    """Return a service that runs already.

    Raises:
        AbaloneError: There is none, or it is not well.
    """
    root = url.rstrip("/")
    try:
        with DIRECT.open(f"{root}/ping", timeout=ANSWER_SECONDS):
            return Target(root, ("--host", root, "UrlCaller"))
    except (OSError, ValueError) as error:
        raise AbaloneError(
            f"{root}/ping does not answer with success ({error}): check the URL, "
            "or leave it out to start the service on this machine"
        ) from error


def at_endpoint(name: str) -> Target:
    """Return a SageMaker endpoint.

    Raises:
        AbaloneError: It predicts nothing.
    """
    body = encode(read_rows()[:1], JSON)
    try:
        boto3.client("sagemaker-runtime").invoke_endpoint(EndpointName=name, ContentType=JSON, Accept=JSON, Body=body)
    except (BotoCoreError, ClientError) as error:
        raise AbaloneError(
            f"the endpoint {name} does not predict ({error}): check its name, the region and the credentials"
        ) from error
    return Target(name, ("--endpoint", name, "EndpointCaller"))


@contextmanager
def on_this_machine(model: Path, workers: int) -> Iterator[Target]:
    """Run the service until the block ends.

    Args:
        model: Where its model is.
        workers: How many processes answer.

    Yields:
        The service.

    Raises:
        AbaloneError: It did not start.
    """
    port = free_port()
    url = f"http://{HOST}:{port}"
    command = [sys.executable, "-m", "abalone.serving", "--model", model, "--host", HOST, "--port", f"{port}"]
    command += ["--workers", f"{workers}"]
    ping = urllib.request.Request(f"{url}/ping")  # noqa: S310 - of this machine
    with serving(command, ping, core=None, folder=REPOSITORY) as server:
        yield Target(f"the service on this machine, {workers} workers", at_url(url).options, server.pid)
