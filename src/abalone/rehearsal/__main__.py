"""`python -m abalone.rehearsal [-- COMMAND ...]`: runs a command on AWS that is a server on this machine.

The bucket of the server holds the landing zone. Without a command, the SageMaker pipeline runs here twice: the second
time every job is answered from the cache.
"""

import argparse
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from abalone.errors import AbaloneError
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
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, lambda received, _frame: sys.exit(128 + received))
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
        environment = aws.environment(os.environ)
        # the commands of this environment first, as `kedro`
        environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", os.defpath)])
        for command in commands:
            sys.stderr.write(f"\n$ {shlex.join(command)}\n")
            if code := _run(command, environment):
                return code
    return 0


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command to its end, whatever signal comes, and return its exit code as a shell does."""
    try:
        process = subprocess.Popen(command, env=environment)  # noqa: S603 - the user's own
    except OSError as error:
        raise AbaloneError(f"{command[0]} could not be started: {error.strerror}") from error
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            # Ctrl-C reaches the command by the terminal as well, and is its to answer
            if not sys.stdin.isatty():
                process.send_signal(signal.SIGINT)
        except SystemExit:
            process.terminate()
            process.wait()
            raise
        else:
            return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
