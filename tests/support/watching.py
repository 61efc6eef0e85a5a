"""`kedro sagemaker run --wait-for-completion` after the start, as a process of its own."""

import signal
import sys

from abalone.sagemaker.cli.remote_run import wait
from support.definitions import DEFINITION
from support.sagemaker_server import EXECUTION

if __name__ == "__main__":
    # a shell that starts the tests in the background makes its children deaf to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(wait("abalone-dev", DEFINITION, EXECUTION, poll_seconds=0.05))
