"""An AWS account on this machine, with S3 and SageMaker; it marks executions as done and runs nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from support.s3 import REGION, S3

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/abalone@sha256:" + 64 * "0"
ROLE = "arn:aws:iam::123456789012:role/abalone"


class Account(S3):
    """The address of the account, and what a command needs to use it."""

    @property
    def env(self) -> dict[str, str]:
        return {
            **super().env,
            "ABALONE_EXECUTION_ROLE": ROLE,
            "ABALONE_IMAGE": IMAGE,
            "ABALONE_SERVING_IMAGE": IMAGE,
            "ABALONE_KMS_KEY": "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555",
        }

    @property
    def sagemaker(self) -> Any:  # boto3 makes its clients' types at run time
        return boto3.client(
            "sagemaker",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )


@contextmanager
def new_account() -> Iterator[Account]:
    """Serve an account with an empty bucket; what an account before it in this process held is gone."""
    host, port = _server().get_host_and_port()
    S3FileSystem.clear_instance_cache()  # it would go on answering for the account before
    account = Account(f"http://{host}:{port}")
    account.reset()
    yield account


@cache
def _server() -> ThreadedMotoServer:
    """A server for all accounts of this process, one after the other."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    return server
