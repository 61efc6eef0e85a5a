"""Stopping a search without losing it."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger(__name__)


@contextmanager
def stoppable(what: str) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the block early, instead of ending the program.

    Args:
        what: What is stopped, for the log.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, signal.default_int_handler) if in_main_thread else None
    try:
        yield
    except KeyboardInterrupt:
        logger.warning("%s stopped early; what was done is kept, and the next run goes on from there", what)
    finally:
        if in_main_thread:
            signal.signal(signal.SIGTERM, before)
