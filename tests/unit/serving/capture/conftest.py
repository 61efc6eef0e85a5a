"""An S3 server, which AWS's own chain finds."""

from collections.abc import Iterator

import pytest

from support.s3 import S3
from support.sagemaker_account import new_account


@pytest.fixture(scope="module")
def account() -> Iterator[S3]:
    with new_account() as account:
        yield account


@pytest.fixture
def s3(account: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    """The server, with an empty bucket."""
    for name, value in account.env.items():
        monkeypatch.setenv(name, value)
    client = account.client
    for key in account.keys():  # noqa: SIM118 - it is no dictionary
        client.delete_object(Bucket=account.bucket, Key=key)
    return account
