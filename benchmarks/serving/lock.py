"""Writes the hash-locked requirements of each rival: python -m benchmarks.serving.lock.

Each has a resolution of its own, as MLServer and the newest FastAPI do not go together.
"""

import argparse
import subprocess
import sys

from benchmarks.serving.environments import RIVALS

COMPILE = (
    *("uv", "pip", "compile", "requirements.in", "--output-file=requirements.txt", "--generate-hashes", "--quiet"),
    *("--universal", "--python-version=3.11", "--no-emit-index-url", "--no-header", "--no-annotate"),
)


def main() -> None:
    """Lock them all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving.lock", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions instead of the locked ones")
    options = ["--upgrade"] if parser.parse_args().upgrade else []
    for requirements in sorted(RIVALS.glob("*/requirements.in")):
        command = [sys.executable, "-m", *COMPILE, *options]
        subprocess.run(command, cwd=requirements.parent, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
