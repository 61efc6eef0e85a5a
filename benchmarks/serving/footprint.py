"""What an application costs before its first request; run by the interpreter of its environment, in its folder."""

import importlib
import json
import sys
import time
from importlib.metadata import distributions
from pathlib import Path

BYTES_PER_MB = 1_000_000
NOT_OF_THE_STACK = {"pip", "setuptools", "wheel"}


def main() -> None:
    """Print the seconds that importing `app` takes, the number of packages installed, and their size in MB, as JSON."""
    sys.path.insert(0, str(Path.cwd()))
    started = time.perf_counter()
    importlib.import_module("app")
    seconds = time.perf_counter() - started
    packages = [package for package in distributions() if package.metadata["Name"] not in NOT_OF_THE_STACK]
    files = {Path(str(package.locate_file(file))).resolve() for package in packages for file in package.files or []}
    size = sum(file.stat().st_size for file in files if file.is_file())
    print(json.dumps({"import_seconds": seconds, "packages": len(packages), "megabytes": size / BYTES_PER_MB}))


if __name__ == "__main__":
    main()
