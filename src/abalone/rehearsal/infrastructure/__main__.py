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
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.rehearsal.aws.account import local_account
from abalone.rehearsal.command import exit_on_signals
from abalone.rehearsal.infrastructure.life import Life


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
        with local_account() as account, tempfile.TemporaryDirectory(prefix="abalone-terraform-") as directory:
            life = Life.begin(Path.cwd(), environment, Path(directory), account)
            for step in (life.apply, life.plan_again, life.change, life.destroy):
                _timed(step)
    except AbaloneError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _timed(step: Callable[[], str]) -> None:
    start = time.monotonic()
    result = step()
    name = step.__name__.replace("_", " ")
    sys.stdout.write(f"{name:<12}{time.monotonic() - start:6.1f} s  {result}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
