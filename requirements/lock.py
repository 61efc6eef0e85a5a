"""Writes the hash-locked requirements of each extra and of each tool of pyproject.toml.

All extras come from one resolution: every set pins the same version of a package, so that any of them can be installed
into one environment. A tool is a dependency group, and has an environment of its own. The files hold names, versions
and hashes only; where the packages come from is the business of whoever installs them.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

REQUIREMENTS = Path(__file__).parent
TOOLS = REQUIREMENTS / "tools"
PROJECT = "pyproject.toml"
COMPILE = (
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--no-emit-index-url",
    "--no-header",
    "--no-annotate",
)


def compile_lock(output: Path, *options: str) -> None:
    """Resolve a part of pyproject.toml into a file.

    Args:
        output: The file to write; the versions that it holds already are kept unless an option says otherwise.
        options: What of it, and further options of `uv pip compile`.
    """
    command = [sys.executable, "-m", *COMPILE, "--output-file", str(output), *options]
    subprocess.run(command, cwd=REQUIREMENTS.parent, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def main() -> None:
    """Lock the sets and tools named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", help="extras of pyproject.toml")
    parser.add_argument("--tools", nargs="*", default=[], help="dependency groups of pyproject.toml")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions instead of the locked ones")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        constraints = Path(scratch) / "all.txt"
        if not arguments.upgrade:
            pinned = {
                line.split(" \\")[0]
                for path in REQUIREMENTS.glob("*.txt")
                for line in path.read_text(encoding="utf-8").splitlines()
                if line[:1].isalnum()
            }
            constraints.write_text("\n".join(sorted(pinned)), encoding="utf-8")
        compile_lock(constraints, PROJECT, "--all-extras")
        for name in arguments.sets:
            locked = REQUIREMENTS / f"{name}.txt"
            locked.unlink(missing_ok=True)
            compile_lock(locked, PROJECT, "--generate-hashes", f"--extra={name}", f"--constraint={constraints}")
    upgrade = ["--upgrade"] if arguments.upgrade else []
    for name in arguments.tools:
        compile_lock(TOOLS / f"{name}.txt", f"--group={name}", "--generate-hashes", *upgrade)


if __name__ == "__main__":
    main()
