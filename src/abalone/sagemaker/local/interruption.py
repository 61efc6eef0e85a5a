"""Ending an execution early."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM and the end of the terminal session raise KeyboardInterrupt, as Ctrl-C does.

    So a block that ends its processes on Ctrl-C ends them however it is told to stop. Signals are a matter of the main
    thread: on another one nothing changes.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    # Ctrl-C too: it is ignored by default in a program that a script started in the background.
    stops = [signal.SIGINT, signal.SIGTERM] if in_main_thread else []
    if in_main_thread and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        stops.append(signal.SIGHUP)  # else it was started by nohup, to survive the session
    before = {stop: signal.signal(stop, signal.default_int_handler) for stop in stops}
    try:
        yield
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)
