"""The shell of a build: one for all its commands, so that a folder, a variable and a function stay."""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

# Commands come by descriptor 200, and after each its status and the environment go back. No command has it, so that
# one that stays in the background cannot hold it open.
DRIVER = r"""
exec 200<&"$1"
eval "exec $1<&-"
while IFS= read -r -d '' -u 200 command; do
  printf '[Container] Running command %s\n' "$command"
  eval "$command" 200<&-
  { printf '%s\0' "$?"; command env -0; printf '\0'; } >&200
done
"""
END = b"\0\0"
GRACE_SECONDS = 5
"""What commands may take to end on SIGTERM."""


class Shell:
    """A shell that runs commands one by one.

    A command that ends the shell, as with `exit`, has the status of that; the next one gets a new shell, with the
    folder and the exported variables of before.

    Attributes:
        variables: The exported ones, after the last command.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str], log: Callable[[str], None]) -> None:
        """Start nothing yet.

        Args:
            folder: Where commands start.
            variables: Their environment.
            log: Called with each line that a command prints.
        """
        self.variables = {**variables, "PWD": str(folder)}
        self._log = log
        self._running: _Running | None = None

    def run(self, command: str) -> int:
        """Run a command to its end, and return its status."""
        running = self._running = self._running or _Running(self.variables, self._log)
        result = running.ask(command.encode())
        if not result.endswith(END):
            code = running.process.wait()
            self.close()
            return code
        status, *variables = result.removesuffix(END).decode().split("\0")
        self.variables = dict(variable.split("=", 1) for variable in variables)
        return int(status)

    def close(self) -> None:
        """End the shell, and whatever of its commands still runs."""
        if self._running:
            self._running.end()
            self._running = None


class _Running:
    """The process of a shell."""

    def __init__(self, variables: Mapping[str, str], log: Callable[[str], None]) -> None:
        self._control, theirs = socket.socketpair()
        reading, writing = os.pipe()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603
                ["bash", "-c", DRIVER, "build", str(theirs.fileno())],  # noqa: S607 - whichever PATH has
                cwd=variables["PWD"],
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        os.close(writing)
        self._reader = threading.Thread(target=_read, args=(reading, log), daemon=True)
        self._reader.start()

    def ask(self, command: bytes) -> bytes:
        """Send a command, and return what comes back; not to its `END` when the shell has ended."""
        self._control.sendall(command + b"\0")
        result = b""
        while not result.endswith(END) and (read := self._control.recv(65536)):
            result += read
        return result

    def end(self) -> None:
        """End the shell and its commands, kindly at first: until nobody is left that could print."""
        self._control.close()
        for signum in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signum)
            # what has left the session may print for ever
            self._reader.join(GRACE_SECONDS)
        self.process.wait()


def _read(descriptor: int, log: Callable[[str], None]) -> None:
    with open(descriptor, "rb") as output:
        for line in output:
            log(line.decode(errors="replace").rstrip("\n"))
