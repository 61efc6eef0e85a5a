"""Throughput: as many requests as a server answers, over connections that are kept alive."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from abalone.errors import AbaloneError
from benchmarks.serving.cores import client_core, running_on

ANSWER_SECONDS = 30
SCRIPT = Path(__file__).with_name("post.lua")


@dataclass(frozen=True)
class Throughput:
    """What a server answered.

    Attributes:
        requests: Number of answers.
        seconds: Wall time.
        p50_seconds: Median time of an answer, when every connection sends its next request at once.
        p99_seconds: The time that 99 % of the answers took at most.
    """

    requests: int
    seconds: float
    p50_seconds: float
    p99_seconds: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def measure_throughput(
    url: str, content_type: str, bodies: Sequence[bytes], *, connections: int, seconds: float
) -> Throughput:
    """Post bodies in turn over some connections, from the client's core.

    Args:
        url: Where to.
        content_type: Of all bodies.
        bodies: None holds a NUL.
        connections: Each sends its next request when its last one is answered.
        seconds: How long; whole seconds count.

    Raises:
        AbaloneError: wrk is not installed, or an answer was no success.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        raise AbaloneError("wrk is not on PATH; on Debian and Ubuntu: apt-get install wrk")
    with tempfile.NamedTemporaryFile() as file, running_on(client_core()):
        file.write(b"\0".join(bodies))
        file.flush()
        effort = ("-t1", f"-c{connections}", f"-d{seconds:.0f}s", f"--timeout={ANSWER_SECONDS}s")
        command = [wrk, *effort, "-s", SCRIPT, url, "--", content_type, file.name]
        completed = subprocess.run(command, capture_output=True, text=True, check=False)
    if completed.returncode:
        raise AbaloneError(f"wrk failed on {url}: {completed.stderr.strip() or completed.stdout.strip()}")
    return parse_summary(completed.stdout, url)


def parse_summary(output: str, url: str) -> Throughput:
    """Read the last line that post.lua prints.

    Raises:
        AbaloneError: An answer was missing or no success.
    """
    summary = json.loads(output.splitlines()[-1])
    if failed := summary["not_2xx"] + summary["broken"]:
        raise AbaloneError(
            f"{url} failed {failed} of {summary['requests']} requests ({summary['not_2xx']} with a status that is no "
            f"success, {summary['broken']} without an answer): a figure of failures would say nothing"
        )
    return Throughput(summary["requests"], summary["duration"] / 1e6, summary["p50"] / 1e6, summary["p99"] / 1e6)
