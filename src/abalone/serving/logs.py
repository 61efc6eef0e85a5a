"""What the service logs: JSON lines, or plain ones on a terminal; never a measurement at INFO or above."""

import logging
import sys

from pythonjsonlogger.json import JsonFormatter


def configure(level: str) -> None:
    """Set up the root logger; logs go to standard error.

    Args:
        level: The least level of the service's own logs.
    """
    handler = logging.StreamHandler(sys.stderr)
    if sys.stderr.isatty():
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S"))
    else:
        renamed = {"asctime": "time", "levelname": "level", "name": "logger"}
        handler.setFormatter(JsonFormatter("{asctime}{levelname}{name}{message}", style="{", rename_fields=renamed))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("abalone").setLevel(level)
    logging.captureWarnings(capture=True)
