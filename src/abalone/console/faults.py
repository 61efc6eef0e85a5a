"""Faults of a command, told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from abalone.diagnosis import diagnose


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Turn what the user can mend into one line on standard error and exit code 1.

    Raises:
        ClickException: In the place of such a fault; those of the program itself stay as they are.
    """
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:
        message = diagnose(error)
        if message is None:
            raise
        raise click.ClickException(message) from error
