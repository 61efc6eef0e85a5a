"""`python -m abalone.rehearsal.aws [-- COMMAND ...]`: an AWS account on this machine, in which Terraform applies.

With a command, the account lives as long as the command. Without one, what is printed to standard output makes another
shell use the account, which lives until Ctrl-C.
"""

import argparse
import os
import shlex
import signal
import sys
from collections.abc import Sequence

from abalone.errors import AbaloneError
from abalone.rehearsal.aws.account import LocalAccount, local_account
from abalone.rehearsal.command import exit_on_signals, run, with_own_commands_first

OF_OTHER_ACCOUNTS = ("AWS_CA_BUNDLE", "AWS_DEFAULT_PROFILE", "AWS_PROFILE", "AWS_SESSION_TOKEN")
"""Variables that the other shell may have."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the servers, run the command or wait, end the servers.

    Args:
        arguments: Of the command line.

    Returns:
        The exit code of the command.
    """
    parser = argparse.ArgumentParser(prog="python -m abalone.rehearsal.aws", description=__doc__)
    parser.add_argument("command", nargs="*", help="after --")
    command = parser.parse_args(arguments).command
    exit_on_signals()
    try:
        with local_account() as account:
            if command:
                return run(command, with_own_commands_first(account.environment(os.environ)))
            _print_exports(account)
            signal.pause()
    except AbaloneError as error:
        sys.stderr.write(f"Error: {error}\n")
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 1


def _print_exports(account: LocalAccount) -> None:
    environment = account.environment(os.environ)
    dropped = sorted({*os.environ, *OF_OTHER_ACCOUNTS} - set(environment))
    sys.stdout.write(f"unset {' '.join(dropped)}\n")
    for name, value in environment.items():
        # Those of the account are said in any case: the other shell may have others.
        if name in account.variables or os.environ.get(name) != value:
            sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    sys.stdout.flush()
    sys.stderr.write("The account lives until Ctrl-C; in another shell, the lines above make it the one that is used\n")


if __name__ == "__main__":
    sys.exit(main())
