import json
import os
import pty
import re
import subprocess
import sys

SCRIPT = """
import logging, warnings
from abalone import log
log.configure()
logging.getLogger("abalone.test").info("read %d rows", 3)
logging.getLogger("somebody.else").info("chatter")
"""


def test_log_that_is_not_on_a_terminal_is_json_lines() -> None:
    completed = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)

    (event,) = [json.loads(line) for line in completed.stderr.splitlines()]

    assert event["message"] == "read 3 rows"
    assert event["level"] == "INFO"
    assert event["logger"] == "abalone.test"
    assert event["time"]
    assert completed.stdout == ""


def test_log_on_a_terminal_is_for_people() -> None:
    ours, theirs = pty.openpty()

    subprocess.run([sys.executable, "-c", SCRIPT], stderr=theirs, check=True)
    os.close(theirs)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", os.read(ours, 10_000).decode())
    os.close(ours)

    assert "read 3 rows" in shown
    assert "{" not in shown


def test_configuration_that_the_user_names_is_respected() -> None:
    completed = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "KEDRO_LOGGING_CONFIG": "somewhere.yml"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert completed.stderr == ""
