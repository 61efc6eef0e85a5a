"""boto3's clients of servers on this machine."""

import os
from functools import cache
from typing import Any

from abalone.rehearsal.isolation import CREDENTIAL, REGION


def client(service: str, endpoint: str) -> Any:
    """Return boto3's client of a service at an endpoint; the user's own profile and proxies do not count."""
    from botocore.config import Config  # noqa: PLC0415 - what is missing is told before

    return _session().client(service, endpoint_url=endpoint, config=Config(proxies={}))


@cache
def _session() -> Any:
    import boto3  # noqa: PLC0415
    from botocore.session import Session  # noqa: PLC0415

    # each as (key of the configuration file, variable, default)
    own = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return boto3.Session(CREDENTIAL, CREDENTIAL, None, REGION, Session({**own, "profile": (None,) * 4}))
