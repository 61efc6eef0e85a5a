"""What a run logs: one line an event, coloured on a terminal and as JSON lines elsewhere.

Logs go to standard error; standard output is for results.
"""

import logging
import os
import sys


def configure() -> None:
    """Set up the root logger, unless the user has named a configuration in KEDRO_LOGGING_CONFIG."""
    if "KEDRO_LOGGING_CONFIG" in os.environ:
        return
    logging.basicConfig(level=logging.WARNING, handlers=[_handler()], force=True)
    logging.getLogger("abalone").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    # The hooks log each node, and the command line tells an error once: Kedro's own account would come on top.
    logging.getLogger("kedro").setLevel(logging.CRITICAL)


def _handler() -> logging.Handler:
    if sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415 - only a terminal needs rich
        from rich.logging import RichHandler  # noqa: PLC0415

        rich_handler = RichHandler(console=Console(stderr=True), show_path=False, log_time_format="[%X]")
        rich_handler.setFormatter(logging.Formatter("%(message)s"))
        return rich_handler

    from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )
    )
    return handler
