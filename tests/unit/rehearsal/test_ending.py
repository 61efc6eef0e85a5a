"""Processes that are told to end, and how they take it."""

import socket
import subprocess
import sys

import pytest

from abalone.rehearsal import server
from abalone.rehearsal.server import HOST, free_port, running_server
from support.waiting import await_that

STUBBORN = """
import os, signal, socket, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
os.fork()
time.sleep(60)
"""
"""A server that takes no SIGTERM, and a process of its own on the same port."""

HANGING_UP = """
import os, signal
from abalone.rehearsal.command import exit_on_signals
exit_on_signals()
os.kill(os.getpid(), signal.SIGHUP)
"""


def answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=5).close()
    except OSError:
        return False
    return True


def test_server_that_takes_no_request_to_end_is_ended_with_what_it_has_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "GRACE_SECONDS", 0.1)
    port = free_port()

    with running_server([sys.executable, "-c", STUBBORN, str(port)], port):
        assert answers(port)

    await_that(lambda: not answers(port), "something of the server is left")


@pytest.mark.parametrize(("starter", "code"), [([], 129), (["nohup"], 0)])
def test_end_of_the_terminal_session_ends_a_program_unless_nohup_started_it(starter: list[str], code: int) -> None:
    command = [*starter, sys.executable, "-c", HANGING_UP]

    completed = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)

    assert completed.returncode == code
