"""A stand-in for `systemctl` where systemd does not run: it really starts and stops what a unit names.

The units are those of $ABALONE_ROOT/etc/systemd/system, and every path in them is taken below $ABALONE_ROOT, as in a
chroot. It does what a unit says of the environment, the folder, the signals and the time to stop, and forbids new
privileges and memory that is writable and executable; it restarts nothing.
"""

import contextlib
import ctypes
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(os.environ.get("ABALONE_ROOT", os.devnull))
STATE = ROOT / "run" / "systemctl"
PR_SET_NO_NEW_PRIVS, PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 38, 65, 1
NOT_RUNNING = 3


def install(folder: Path) -> None:
    """Put the program into a folder that is before the others in PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    executable = folder / "systemctl"
    executable.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, __file__])} "$@"\n')
    executable.chmod(0o755)


def below_root(text: str) -> str:
    return re.sub(r"(?<![\w/])/(opt|etc|var)/", rf"{ROOT}/\1/", text)


def read_unit(name: str) -> dict[str, list[str]]:
    path = ROOT / "etc" / "systemd" / "system" / f"{name}.service"
    if not path.exists():
        sys.exit(f"Unit {name}.service not found.")
    settings: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, assigned, value = line.partition("=")
        if assigned and not line.startswith("#"):
            settings.setdefault(key, []).append(below_root(value))
    return settings


def environment(unit: dict[str, list[str]]) -> dict[str, str]:
    lines = shlex.split(" ".join(unit["Environment"]))
    for path in unit["EnvironmentFile"]:
        lines += [
            shlex.split(line)[0] for line in Path(path).read_text().splitlines() if line and not line.startswith("#")
        ]
    return {"PATH": "/usr/bin:/bin", **dict(line.split("=", 1) for line in lines)}


def main_pid(name: str) -> int | None:
    """Return the first process of a unit, if it is alive."""
    record = STATE / name
    if not record.exists():
        return None
    pid = int(record.read_text())
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return None
    return None if state in "ZX" else pid


def confine() -> None:
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0)  # without effect before Linux 6.3


def start(name: str) -> None:
    if main_pid(name) is not None:
        return
    unit = read_unit(name)
    (folder,) = unit["WorkingDirectory"]
    Path(folder).mkdir(parents=True, exist_ok=True)
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            shlex.split(unit["ExecStart"][0]),
            cwd=folder,
            env=environment(unit),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=confine,  # noqa: PLW1509 - nothing else runs here
        )
    (STATE / name).write_text(str(process.pid))


def stop(name: str) -> None:
    unit = read_unit(name)
    pid = main_pid(name)
    if pid is None:
        return
    os.kill(pid, getattr(signal, unit["KillSignal"][0]))
    deadline = time.monotonic() + float(unit["TimeoutStopSec"][0])
    while main_pid(name) is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def main(command: str, *names: str) -> None:
    for name in (name for name in names if not name.startswith("--")):
        match command:
            case "enable":
                read_unit(name)
            case "start":
                start(name)
            case "stop":
                stop(name)
            case "restart":
                stop(name)
                start(name)
            case "is-active":
                sys.exit(0 if main_pid(name) is not None else NOT_RUNNING)
            case _:
                sys.exit(f"Unknown command verb {command}.")
    if command != "daemon-reload" and not names:
        sys.exit("Too few arguments.")


if __name__ == "__main__":
    main(*sys.argv[1:])
