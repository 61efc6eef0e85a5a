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
    # Ctrl-C too: it is ignored by default in a program that a script started in the background.
    stops = (signal.SIGINT, signal.SIGTERM) if in_main_thread else ()
    before = {stop: signal.signal(stop, signal.default_int_handler) for stop in stops}
    try:
        yield
    except KeyboardInterrupt:
        logger.warning("%s stopped early; what was done is kept, and the next run goes on from there", what)
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)
