"""Where a model comes from: the data, the code and the libraries."""

import hashlib
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from abalone import __version__
from abalone.schema import NUMBER_NAMES, RINGS, SEX

LIBRARIES = ("narwhals", "numpy", "onnx", "onnxruntime", "pandas", "scikit-learn", "scipy", "skops")


def table_digest(table: pd.DataFrame) -> str:
    """Return the SHA-256 of the measurements and rings of a table, in its row order, whatever file held them."""
    digest = hashlib.sha256("\n".join(table[SEX.name]).encode())
    for name in (*NUMBER_NAMES, RINGS.name):
        digest.update(np.ascontiguousarray(table[name], dtype="<f8").tobytes())
    return digest.hexdigest()


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that shape a model."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def code_version() -> dict[str, str | bool | None]:
    """Return the version of this package and the commit that it comes from.

    Returns:
        `version`; `git_commit`, from the checkout that the package runs from, or else from the variable
        ABALONE_GIT_COMMIT, which a container image has; and `git_dirty`: whether tracked files of the checkout differ
        from the commit. None where nobody knows.
    """
    return {"version": __version__, **_git_state(Path(__file__))}


def _git_state(file: Path) -> dict[str, str | bool | None]:
    """Return what is checked out where a tracked file lies."""

    def git(*arguments: str) -> str | None:
        try:
            ran = subprocess.run(  # noqa: S603
                ["git", "-C", str(file.parent), *arguments],  # noqa: S607
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError:
            return None
        return ran.stdout.strip() if ran.returncode == 0 else None

    if not git("ls-files", "--error-unmatch", file.name) or (commit := git("rev-parse", "HEAD")) is None:
        return {"git_commit": os.environ.get("ABALONE_GIT_COMMIT") or None, "git_dirty": None}
    changes = git("status", "--porcelain", "--untracked-files=no")
    return {"git_commit": commit, "git_dirty": None if changes is None else bool(changes)}
