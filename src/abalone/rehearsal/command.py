"""A command that a rehearsal is for, run to its end."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from abalone.errors import AbaloneError


def with_own_commands_first(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with the commands of this Python first on its path, as `kedro`."""
    path = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", os.defpath)])
    return {**environment, "PATH": path}


def exit_on_signals() -> None:
    """Let the signals that end a process unwind it, so that it ends what it has started."""
    stops = [signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        stops.append(signal.SIGHUP)  # else it was started by nohup, to survive the session
    for signum in stops:
        signal.signal(signum, lambda received, _frame: sys.exit(128 + received))


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command to its end, whatever signal comes, and return its exit code as a shell does.

    Raises:
        AbaloneError: It cannot be started.
    """
    try:
        process = subprocess.Popen(command, env=environment)  # noqa: S603 - the user's own
    except OSError as error:
        raise AbaloneError(f"{command[0]} could not be started: {error.strerror}") from error
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            # Ctrl-C reaches the command by the terminal as well, and is its to answer
            if not sys.stdin.isatty():
                process.send_signal(signal.SIGINT)
        except SystemExit:
            process.terminate()
            process.wait()
            raise
        else:
            return code if code >= 0 else 128 - code
