"""The account: its servers, and how a process finds them."""

import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abalone.errors import AbaloneError
from abalone.rehearsal.aws import ministack
from abalone.rehearsal.aws.routing import endpoint_of, endpoint_variables
from abalone.rehearsal.client import client
from abalone.rehearsal.isolation import IDENTITY, isolated
from abalone.rehearsal.server import HOST, free_port, running_server


@dataclass(frozen=True)
class LocalAccount:
    """An account on this machine.

    Attributes:
        endpoints: The variables that name its servers.
    """

    endpoints: dict[str, str]

    @property
    def variables(self) -> dict[str, str]:
        """What a process needs to use the account; Terraform's modules learn that it is an emulated one."""
        return {**IDENTITY, **self.endpoints, "TF_VAR_emulated": "true"}

    def environment(self, parent: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of a process that can reach no other AWS than this one.

        Args:
            parent: The environment that it would have; nothing of what it says of AWS is kept.
        """
        return isolated(parent, self.variables)

    def client(self, service: str) -> Any:
        """Return boto3's client of a service of this account."""
        return client(service, endpoint_of(service, self.endpoints))


@contextmanager
def local_account(overrides: Mapping[str, str] | None = None) -> Iterator[LocalAccount]:
    """Run an empty account as long as the context is open.

    Args:
        overrides: Endpoint variables that name servers of the caller's own, such as
            AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME for a prediction service.

    Raises:
        AbaloneError: What it is made of is not installed, or does not start.
    """
    missing = [name for name in ("boto3", "moto") if importlib.util.find_spec(name) is None]
    if missing:
        raise AbaloneError(
            f"an AWS account on this machine needs {' and '.join(missing)}: `make local-aws` installs it"
        )
    command = ministack.find_ministack()
    ministack_port, moto_port = free_port(), free_port()
    ministack_url, moto_url = f"http://{HOST}:{ministack_port}", f"http://{HOST}:{moto_port}"
    account = LocalAccount({**endpoint_variables(ministack_url, moto_url), **(overrides or {})})
    # Its functions inherit the environment of MiniStack: they too find every server, and nothing else.
    environment = account.environment(os.environ)
    shim = [sys.executable, "-m", "abalone.rehearsal.shim", "--port", str(moto_port), "--ministack", ministack_url]
    with tempfile.TemporaryDirectory(prefix="abalone-aws-") as directory:
        of_ministack = {**environment, **ministack.variables(ministack_port, Path(directory))}
        with (
            running_server(shim, moto_port, environment, shows_errors=True),
            running_server([command], ministack_port, of_ministack, shows_errors=True),
        ):
            yield account
