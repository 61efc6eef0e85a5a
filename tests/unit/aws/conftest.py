"""An account on this machine, as the account in use."""

from collections.abc import Iterator

import pytest

from support.sagemaker_account import Account, new_account


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """The account, which the variables of this process name."""
    with new_account() as account:
        for name, value in account.env.items():
            monkeypatch.setenv(name, value)
        try:
            yield account
        finally:
            # of all accounts in this process
            account.check_keys(after=float("inf"))
