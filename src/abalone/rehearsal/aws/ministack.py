"""MiniStack, which runs functions, rules and state machines for real."""

import os
import shutil
import sys
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.rehearsal.isolation import ACCOUNT, REGION
from abalone.rehearsal.server import HOST


def find_ministack() -> str:
    """Return its command; it has an environment of its own, as its dependencies are others than ours.

    Raises:
        AbaloneError: It is not installed.
    """
    own = Path(sys.prefix, "tools", "ministack", "bin", "ministack")
    command = os.environ.get("ABALONE_MINISTACK") or shutil.which(str(own)) or shutil.which("ministack")
    if command is None or shutil.which(command) is None:
        raise AbaloneError(f"there is no MiniStack at {command or own}: `make local-aws` installs it")
    return command


def variables(port: int, directory: Path) -> dict[str, str]:
    """Return what it is told by its environment.

    Args:
        port: Where it is to answer.
        directory: For the files that it writes.
    """
    return {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "ERROR",
        "S3_PERSIST": "0",
        "TMPDIR": str(directory),
    }
