"""The environment of processes that can reach no AWS but that of this machine."""

import os
from collections.abc import Mapping
from pathlib import Path

from abalone.rehearsal.server import HOST

REGION = "eu-west-1"
ACCOUNT = "123456789012"
CREDENTIAL = "rehearsal"

IDENTITY = {
    "AWS_ACCESS_KEY_ID": CREDENTIAL,
    "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""Who one is on this machine: nobody anywhere else."""


def isolated(parent: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which the real AWS is not known.

    Args:
        parent: The environment that it would be; nothing of what it says of AWS is kept.
        variables: What it says instead.
    """
    kept = {name: value for name, value in parent.items() if not name.startswith("AWS_")}
    # Terraform refuses to start when this file is not there.
    if not Path(kept.get("TF_CLI_CONFIG_FILE", "")).is_file():
        kept.pop("TF_CLI_CONFIG_FILE", None)
    direct = {name: ",".join(filter(None, (parent.get(name), HOST))) for name in ("NO_PROXY", "no_proxy")}
    return {**kept, **direct, **variables}
