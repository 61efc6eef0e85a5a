"""Ending an execution early."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Interruption:
    """A request to stop; it takes effect only where it is looked for.

    As an exception it could strike anywhere: in the midst of starting a thread, that thread would be left behind.
    """

    def __init__(self) -> None:
        self.requested = False

    def request(self, *_: object) -> None:
        """Ask to stop; a handler of signals."""
        self.requested = True


@contextmanager
def interruption() -> Iterator[Interruption]:
    """Take Ctrl-C, SIGTERM and the end of the terminal session as requests to stop.

    So a block that ends its processes on Ctrl-C ends them however it is told to stop. Signals are a matter of the main
    thread: on another one nothing changes.

    Yields:
        The request.

    Raises:
        KeyboardInterrupt: Stopping was requested; raised at the end of the block.
    """
    request = Interruption()
    in_main_thread = threading.current_thread() is threading.main_thread()
    # Ctrl-C too: it is ignored by default in a program that a script started in the background.
    stops = [signal.SIGINT, signal.SIGTERM] if in_main_thread else []
    if in_main_thread and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        stops.append(signal.SIGHUP)  # else it was started by nohup, to survive the session
    before = {stop: signal.signal(stop, request.request) for stop in stops}
    try:
        yield request
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)
    if request.requested:
        raise KeyboardInterrupt
