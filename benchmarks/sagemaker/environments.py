"""Throw-away environments that hold some of the locked sets, made of links to what is installed here."""

import os
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
ISOLATED = "-S"
"""The option by which an interpreter leaves its own packages out."""


def link_sets(folder: Path, *sets: str) -> dict[str, str]:
    """Fill a folder with links to the packages of locked sets.

    Args:
        folder: An empty folder.
        sets: Names of the sets, as of `requirements/`.

    Returns:
        The variables with which `python -S` has these packages and the project, and nothing else.
    """
    for name in sorted({name for locked in sets for name in _locked(locked)}):
        try:
            found = distribution(name)
        except PackageNotFoundError:  # for another platform or Python
            continue
        for entry in _entries(found):
            link = folder / entry.name
            if not link.exists():  # packages may share a namespace
                link.symlink_to(entry)
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(REPOSITORY / "src")])}


def _locked(name: str) -> Iterator[str]:
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return (line.split("==")[0].split("[")[0] for line in text.splitlines() if "==" in line)


def _entries(installed: Distribution) -> Iterator[Path]:
    """Files and folders of a package that lie beside those of others, its metadata among them."""
    names = {file.parts[0] for file in installed.files or [] if file.parts[0] not in ("..", "__pycache__")}
    return (Path(str(installed.locate_file(name))).resolve() for name in sorted(names))
