"""An environment applied on this machine, for tests of what it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from abalone.rehearsal.aws.account import local_account
from abalone.rehearsal.infrastructure.life import Life
from support.project import REPOSITORY
from support.tools import require_ministack, require_terraform


@contextmanager
def beginning(name: str, scratch: Path) -> Iterator[Life]:
    """An environment that is about to be applied, in an account of its own."""
    require_terraform()
    require_ministack()
    with local_account() as account:
        yield Life.begin(REPOSITORY, name, scratch, account)
