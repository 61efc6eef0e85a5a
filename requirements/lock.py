"""Writes the hash-locked requirements of each extra of pyproject.toml, all from one resolution.

Every set pins the same version of a package, so that any of them can be installed into one environment. The files
hold names, versions and hashes only; where the packages come from is the business of whoever installs them.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

REQUIREMENTS = Path(__file__).parent
COMPILE = (
    "uv",
    "pip",
    "compile",
    "pyproject.toml",
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--no-emit-index-url",
    "--no-header",
    "--no-annotate",
)


def compile_lock(output: Path, *options: str) -> None:
    """Resolve pyproject.toml into a file.

    Args:
        output: The file to write; the versions that it holds already are kept unless an option says otherwise.
        options: Further options of `uv pip compile`.
    """
    command = [sys.executable, "-m", *COMPILE, "--output-file", str(output), *options]
    subprocess.run(command, cwd=REQUIREMENTS.parent, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def main() -> None:
    """Lock the sets named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", help="extras of pyproject.toml")
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
        compile_lock(constraints, "--all-extras")
        for name in arguments.sets:
            locked = REQUIREMENTS / f"{name}.txt"
            locked.unlink(missing_ok=True)
            compile_lock(locked, "--generate-hashes", f"--extra={name}", f"--constraint={constraints}")


if __name__ == "__main__":
    main()
