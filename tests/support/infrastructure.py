"""An environment applied on this machine, for tests of what it does."""

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.rehearsal.aws.account import local_account
from abalone.rehearsal.infrastructure.life import Life
from support.project import REPOSITORY
from support.tools import require_ministack, require_terraform


@contextmanager
def applied(name: str, scratch: Path) -> Iterator[Life]:
    """An environment that is applied, in an account of its own.

    When a connection is lost between request and answer, something exists that Terraform does not know of, and making
    it again is refused. Nothing but a new account helps, so there is a second one.
    """
    require_terraform()
    require_ministack()
    with ExitStack() as account:
        try:
            life = _apply(name, scratch / "first", account)
        except AbaloneError as error:
            warnings.warn(f"{name} is applied once more, as {error}", stacklevel=2)
            account.close()
            life = _apply(name, scratch / "second", account)
        yield life


def _apply(name: str, scratch: Path, account: ExitStack) -> Life:
    life = Life.begin(REPOSITORY, name, scratch, account.enter_context(local_account()))
    life.apply()
    return life
