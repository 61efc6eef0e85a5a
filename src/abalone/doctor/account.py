"""The account in use, as one environment sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3


@dataclass(frozen=True)
class Account:
    """The account in use.

    Attributes:
        env: Name of the environment.
        conf: The project's `conf/`.
        session: With the credentials and the region in use.
    """

    env: str
    conf: Path
    session: "boto3.Session"

    @property
    def prefix(self) -> str:
        """The path of the parameters of the environment."""
        return f"/abalone/{self.env}"

    @property
    def apply(self) -> str:
        """The command that makes what Terraform makes."""
        return f"make apply ENV={self.env}"

    def client(self, service: str) -> Any:
        """Make a client, which does not wait long for what does not answer."""
        return client(self.session, service)

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The parameters below the prefix, by the rest of their names, such as `pipeline/bucket`."""
        pages = self.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=self.prefix, Recursive=True)
        found = (parameter for page in pages for parameter in page["Parameters"])
        return {parameter["Name"].removeprefix(f"{self.prefix}/"): parameter["Value"] for parameter in found}


def client(session: "boto3.Session", service: str) -> Any:
    """Make a client, which does not wait long for what does not answer.

    Args:
        session: With the credentials and the region in use.
        service: As boto3 names it.
    """
    from botocore.config import Config  # noqa: PLC0415 - with boto3, when it is needed

    return session.client(service, config=Config(connect_timeout=5, retries={"total_max_attempts": 2}))
