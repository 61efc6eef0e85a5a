"""`python -m abalone.etl` runs the job on this machine."""

import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from abalone.errors import AbaloneError


def main(arguments: Sequence[str]) -> None:
    """Run the job, and tell a person how it ended.

    Args:
        arguments: See `read_arguments`.
    """
    signal.signal(signal.SIGINT, _stop)
    # after that, as it takes seconds
    from abalone.etl import job, summary  # noqa: PLC0415
    from abalone.etl.arguments import read_arguments  # noqa: PLC0415

    try:
        options = read_arguments(arguments)
        configuration, report = job.start(options)
    except AbaloneError as error:
        sys.exit(f"Error: {error}")
    summary.show(report, configuration, options)


def _stop(*_: Any) -> None:
    """End at once, as the job may be killed at any time: Java follows, and would be left behind by an exception."""
    os.write(sys.stderr.fileno(), b"Stopped: the tables are as the last complete run left them\n")
    os._exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main(sys.argv[1:])
