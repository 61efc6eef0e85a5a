"""What a person does when monitoring calls for one: looks, and sets aside what a wrong scale has weighed."""

from collections.abc import Iterable
from pathlib import Path


def set_aside(files: Iterable[Path], captures: Path, aside: Path) -> int:
    """Move captured files out of the sight of monitoring and training.

    Args:
        files: Which ones; those that were moved before are passed over.
        captures: Root of the captures.
        aside: Root of what is set aside.

    Returns:
        How many were moved.
    """
    found = [path for path in files if path.exists()]
    for path in found:
        place = aside / path.relative_to(captures)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
    return len(found)
