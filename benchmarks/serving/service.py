"""The project's service, with one worker on the server's core."""

import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.serving.cores import server_core
from benchmarks.serving.processes import HOST, free_port, serving
from benchmarks.serving.rows import JSON, REPOSITORY, encode, read_rows

# Compiled modules are kept, as they are unless somebody forbids it.
USUAL = {"PYTHONDONTWRITEBYTECODE": ""}


@contextmanager
def our_service(model: Path, settings: Mapping[str, str] | None = None) -> Iterator[tuple[str, float]]:
    """Run the service until the block ends.

    Args:
        model: Directory of the artifact.
        settings: Variables of its environment.

    Yields:
        Where it predicts, and the seconds from its start to its first prediction.
    """
    port = free_port()
    url = f"http://{HOST}:{port}/invocations"
    command = [sys.executable, "-m", "abalone.serving", "--model", model, "--host", HOST, "--port", f"{port}"]
    env = {**USUAL, **(settings or {})}
    with serving(command, first_row(url), core=server_core(), folder=REPOSITORY, env=env) as server:
        yield url, server.start_seconds


def first_row(url: str) -> urllib.request.Request:
    """Return a request for the prediction of one row."""
    body = encode(read_rows()[:1], JSON)
    return urllib.request.Request(url, body, {"Content-Type": JSON})  # noqa: S310 - of this machine
