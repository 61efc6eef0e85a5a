"""Clients of AWS that give up in seconds, and addresses on S3."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from abalone.errors import AbaloneError

S3_SCHEME = "s3://"

_CONNECT_SECONDS, _READ_SECONDS, _ATTEMPTS = 3, 10, 3


def aws_client(service: str) -> Any:
    """Make a client; boto3 is imported by the first call, as most services do without it.

    Args:
        service: Name of the AWS service, in lower case.

    Returns:
        The client, which any thread may use; boto3 makes its type at run time.

    Raises:
        AbaloneError: The configuration of AWS on this machine is broken.
    """
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
    )
    # boto3 itself reads AWS_DEFAULT_REGION alone
    with aws_faults(AbaloneError, f"making a client of AWS {service}"):
        return boto3.client(service, region_name=os.environ.get("AWS_REGION"), config=config)


@contextmanager
def aws_faults(fault: type[Exception], what: str) -> Iterator[None]:
    """Raise what goes wrong with AWS as a fault that says what it was.

    Args:
        fault: Class to raise.
        what: What was tried, as the subject of "failed".
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        reason = " ".join(str(error).split())
        raise fault(f"{what} failed ({reason}): check the address, the credentials and the network") from error


def split_s3_address(address: str) -> tuple[str, str]:
    """Split `s3://bucket/key` into the bucket and the key, which may be empty and does not end in a slash.

    Raises:
        AbaloneError: The address names no bucket.
    """
    found = re.fullmatch(r"s3://([^/]+)(?:/(.*))?", address)
    if not found:
        raise AbaloneError(f"{address} is not an address on S3: write s3://bucket/key")
    return found[1], (found[2] or "").strip("/")
