"""Tools that a machine may lack: it may do without the tests that need them; CI may not."""

import os
import shutil
from typing import NoReturn

import pytest

from abalone.errors import AbaloneError
from abalone.rehearsal.aws.ministack import find_ministack


def give_up(reason: str) -> NoReturn:
    """Skip the test, or fail it in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def require_terraform() -> None:
    if shutil.which("terraform") is None:
        give_up("Terraform is not on PATH: install version 1.11 or newer")


def require_ministack() -> None:
    try:
        find_ministack()
    except AbaloneError as error:
        give_up(str(error))
