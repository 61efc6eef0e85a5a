"""What a benchmark is at, on standard error."""

import sys


def say(text: str) -> None:
    """Tell who waits."""
    print(text, file=sys.stderr, flush=True)
