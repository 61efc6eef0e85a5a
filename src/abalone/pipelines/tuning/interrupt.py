"""Stopping a search without losing it."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger(__name__)


class Stop:
    """A request to stop, by Ctrl-C or SIGTERM; it takes effect only where a block says that it may be cut off.

    Elsewhere, as in the midst of a transaction of the study's file, an exception would leave things half done.
    """

    def __init__(self) -> None:
        self._requested = self._allowed = False

    def request(self, *_: object) -> None:
        """Stop now, or when the next block begins that may be cut off; a handler of signals."""
        self._requested = True
        if self._allowed:
            raise KeyboardInterrupt

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Let a request cut this block off.

        Raises:
            KeyboardInterrupt: Stopping was requested, in the block or before it.
        """
        try:
            self._allowed = True
            if self._requested:
                raise KeyboardInterrupt
            yield
        finally:
            self._allowed = False


@contextmanager
def stoppable(what: str) -> Iterator[Stop]:
    """Let Ctrl-C and SIGTERM end the block early, instead of ending the program.

    Args:
        what: What is stopped, for the log.

    Yields:
        The request to stop; the block says by it where it may be cut off.
    """
    stop = Stop()
    in_main_thread = threading.current_thread() is threading.main_thread()
    # Ctrl-C too: it is ignored by default in a program that a script started in the background.
    signals = (signal.SIGINT, signal.SIGTERM) if in_main_thread else ()
    before = {number: signal.signal(number, stop.request) for number in signals}
    try:
        yield stop
    except KeyboardInterrupt:
        logger.warning("%s stopped early; what was done is kept, and the next run goes on from there", what)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
