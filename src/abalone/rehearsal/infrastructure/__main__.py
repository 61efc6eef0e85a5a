"""`python -m abalone.rehearsal.infrastructure --env dev|prd`: applies an environment in an account on this machine.

Applied, it is planned again, which has to change nothing; one variable is changed, which has to change one resource in
place; then it is destroyed, which has to leave nothing.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from abalone.errors import AbaloneError
from abalone.rehearsal.command import exit_on_signals
from abalone.rehearsal.infrastructure.beginning import applied

Result = TypeVar("Result")


def main(arguments: Sequence[str] | None = None) -> int:
    """Apply, plan, change and destroy, and print how long each took.

    Returns:
        0 when each did what it has to.
    """
    parser = argparse.ArgumentParser(prog="python -m abalone.rehearsal.infrastructure", description=__doc__)
    parser.add_argument("--env", required=True, choices=("dev", "prd"))
    environment = parser.parse_args(arguments).env
    exit_on_signals()
    try:
        with tempfile.TemporaryDirectory(prefix="abalone-terraform-") as directory, ExitStack() as account:
            beginning = applied(Path.cwd(), environment, Path(directory), _tell)
            life = _timed("apply", lambda: account.enter_context(beginning))
            for step in (life.plan_again, life.change, life.destroy):
                _timed(step.__name__.replace("_", " "), step)
    except AbaloneError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _timed(name: str, step: Callable[[], Result]) -> Result:
    _tell(f"{name} …")
    start = time.monotonic()
    result = step()
    sys.stdout.write(f"{name:<12}{time.monotonic() - start:6.1f} s  {result}\n")
    sys.stdout.flush()
    return result


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
