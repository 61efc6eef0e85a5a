"""Clients of AWS, which try again after a fault that may pass."""

import os
from typing import Any

import boto3
from botocore.config import Config

ATTEMPTS = 4


def client(service: str) -> Any:
    """Make a client of the account and region in use.

    Args:
        service: Such as "sagemaker".

    Returns:
        A client with botocore's standard retries, unless AWS_RETRY_MODE and AWS_MAX_ATTEMPTS say otherwise.
    """
    retries: dict[str, Any] = {}
    if "AWS_RETRY_MODE" not in os.environ:
        retries["mode"] = "standard"
    if "AWS_MAX_ATTEMPTS" not in os.environ:
        retries["total_max_attempts"] = ATTEMPTS
    return boto3.client(service, config=Config(retries=retries, connect_timeout=10))
