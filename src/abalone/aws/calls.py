"""Calls of AWS, and their refusals in one line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from abalone.errors import AbaloneError


def client(service: str) -> Any:
    """Make a client of the account and region in use; `AWS_ENDPOINT_URL` is honoured.

    Args:
        service: Such as "cloudwatch".
    """
    config = Config(retries={"mode": "standard"}, connect_timeout=10)
    # boto3 itself reads AWS_DEFAULT_REGION alone
    return boto3.client(service, region_name=os.environ.get("AWS_REGION"), config=config)


@contextmanager
def told_in_one_line(what: str, action: str) -> Iterator[None]:
    """Raise what AWS or its client refuses as a fault that a person can mend.

    Args:
        what: What was tried, as the subject of "was refused".
        action: The action of IAM that it takes.

    Raises:
        AbaloneError: It was refused, or AWS was not reached.
    """
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        reason = " ".join(str(error).split())
        raise AbaloneError(
            f"{what} was refused ({reason}): check the network, the region, and that the role in use allows {action}"
        ) from error
