"""A checkout of the project to build in, whose environment is the one that the tests run in."""

import shutil
import sys
from pathlib import Path

from support.project import REPOSITORY


def new_checkout(folder: Path, *names: str) -> Path:
    """Copy parts of the project into a folder, where `make` takes every locked set for installed."""
    for name in names:
        source, target = REPOSITORY / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".terraform*"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    environment = folder / ".venv"
    environment.mkdir()
    for entry in Path(sys.prefix).iterdir():
        if not entry.name.startswith("."):
            (environment / entry.name).symlink_to(entry)
    # newer than what they stand for
    for lock in (REPOSITORY / "requirements").glob("*.txt"):
        (environment / f".{lock.stem}").touch()
    return folder
