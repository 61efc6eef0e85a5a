"""Environments of other stacks, each made of its own hash-locked requirements when it is first needed."""

import subprocess
import sys
from pathlib import Path

from benchmarks.serving.progress import say

RIVALS = Path(__file__).parent / "rivals"
ENVIRONMENTS = Path(__file__).parents[2] / ".benchmark"


def python_of(stack: str) -> Path:
    """Return the interpreter of a stack's environment, which is made anew when its requirements have changed."""
    environment = ENVIRONMENTS / stack
    requirements = RIVALS / stack / "requirements.txt"
    stamp = environment / "requirements.txt"
    python = environment / "bin" / "python"
    if not stamp.exists() or stamp.read_bytes() != requirements.read_bytes():
        say(f"making the environment of {stack} in {environment}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([python, *install, "--requirement", requirements], check=True)
        stamp.write_bytes(requirements.read_bytes())
    return python
