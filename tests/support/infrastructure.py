"""An environment applied on this machine, for tests of what it does."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.rehearsal.aws.account import local_account
from abalone.rehearsal.aws.ministack import find_ministack
from abalone.rehearsal.infrastructure.life import Life
from support.project import REPOSITORY


def require_terraform() -> None:
    """A machine without Terraform may do without these tests; CI may not."""
    if shutil.which("terraform") is None:
        _missing("Terraform is not on PATH: install version 1.11 or newer")


def require_ministack() -> None:
    """A machine without MiniStack may do without these tests; CI may not."""
    try:
        find_ministack()
    except AbaloneError as error:
        _missing(str(error))


@contextmanager
def beginning(name: str, scratch: Path) -> Iterator[Life]:
    """An environment that is about to be applied, in an account of its own."""
    require_terraform()
    require_ministack()
    with local_account() as account:
        yield Life.begin(REPOSITORY, name, scratch, account)


def _missing(reason: str) -> None:
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
