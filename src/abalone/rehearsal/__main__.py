"""`python -m abalone.rehearsal [-- COMMAND ...]`: runs a command on AWS that is a server on this machine.

The bucket of the server holds the landing zone. Without a command, the SageMaker pipeline runs here twice: the second
time every job is answered from the cache.
"""

import argparse
import os
import shlex
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.rehearsal.command import exit_on_signals, run, with_own_commands_first
from abalone.rehearsal.local_aws import local_aws

SHOW = ("kedro", "sagemaker", "run", "--local", "--env", "dev")


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the server, run the command, end the server.

    Args:
        arguments: Of the command line.

    Returns:
        The exit code of the command; of the first that fails, when there are several.
    """
    parser = argparse.ArgumentParser(prog="python -m abalone.rehearsal", description=__doc__)
    parser.add_argument("command", nargs="*", help=f"after --; by default, twice: {shlex.join(SHOW)}")
    command = parser.parse_args(arguments).command
    exit_on_signals()
    try:
        return _rehearse([command] if command else [SHOW, SHOW])
    except AbaloneError as error:
        sys.stderr.write(f"Error: {error}\n")
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 1


def _rehearse(commands: Sequence[Sequence[str]]) -> int:
    landing = Path(os.environ.get("ABALONE_DATA") or "data") / "01_raw" / "landing"
    with local_aws() as aws:
        aws.upload(landing, "data/01_raw/landing")
        sys.stderr.write(f"AWS is {aws.endpoint} until the end, its bucket {aws.bucket} holds {landing}\n")
        environment = with_own_commands_first(aws.environment(os.environ))
        for command in commands:
            sys.stderr.write(f"\n$ {shlex.join(command)}\n")
            if code := run(command, environment):
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
