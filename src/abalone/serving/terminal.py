"""Whether somebody sits before the service."""

import sys


def has_terminal() -> bool:
    """Tell whether the service was started on a terminal: SIGHUP says then that the terminal is gone."""
    return sys.stdin is not None and sys.stdin.isatty()
