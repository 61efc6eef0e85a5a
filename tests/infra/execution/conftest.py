"""The functions and state machines of the delivery path, as they run on AWS."""

from collections.abc import Iterator

import pytest

from support.delivery_account import DeliveryAccount, delivery_account
from support.detour import Detour


@pytest.fixture(scope="session")
def way() -> Iterator[Detour]:
    """The way to the endpoint; it leads nowhere yet."""
    detour = Detour()
    yield detour
    detour.close()


@pytest.fixture(scope="session")
def account(way: Detour, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeliveryAccount]:
    with delivery_account(tmp_path_factory.mktemp("lambdas"), way.endpoint) as account:
        yield account
