"""The project's commands: Kedro's own, whose errors are told in one line instead of a traceback."""

import copy
import functools
import sys
from typing import Any

import click
from kedro.framework.cli.project import run as kedro_run

from abalone.diagnosis import diagnose
from abalone.sagemaker.cli.group import sagemaker

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C has ended: 128 and the number of the signal, as a shell has it."""


def clear_errors(command: click.Command) -> click.Command:
    """Make a command tell the faults that its user can mend in one line.

    Args:
        command: Any click command.

    Returns:
        A copy of the command, which exits with 1 and one line on standard error where the original would end in a
        traceback; faults of the program itself keep theirs.
    """
    wrapped = copy.copy(command)
    callback = command.callback
    if callback is None:  # a bare group has nothing to run
        return wrapped

    @functools.wraps(callback)
    def run_clearly(*args: Any, **kwargs: Any) -> Any:
        try:
            return callback(*args, **kwargs)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click deals with these itself
        except KeyboardInterrupt:
            click.echo("Interrupted", err=True)
            sys.exit(INTERRUPTED)
        except Exception as error:
            message = diagnose(error)
            if message is None:
                raise
            raise click.ClickException(message) from error

    wrapped.callback = run_clearly
    return wrapped


@click.group(name="abalone")
def cli() -> None:
    """Abalone's commands, in the place of Kedro's."""


run = clear_errors(kedro_run)
cli.add_command(run)
cli.add_command(sagemaker)
