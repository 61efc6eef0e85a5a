"""Where captures and labels lie: the folders of SageMaker, which the service uses, too."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

Files: TypeAlias = Mapping[str, Callable[[], bytes]]
"""What reads a file, by its path below the folder of the captures, without its ending."""

_GROUND_TRUTH = "-ground-truth"
_HOUR = re.compile(r"(?P<folder>.+)/(?P<hour>\d{4}/\d{2}/\d{2}/\d{2})/[^/]+")


class CaptureFile(NamedTuple):
    """A file of captures or labels.

    Attributes:
        path: Below the folder of the captures.
        endpoint: Whose they are.
        holds_labels: Or else captures.
        hour: Of its folder, in UTC; None where the folder is not that of an hour.
        read: Returns its bytes.
    """

    path: str
    endpoint: str
    holds_labels: bool
    hour: datetime | None
    read: Callable[[], bytes]


def capture_files(files: Files) -> list[CaptureFile]:
    """Tell captures and labels apart, in the order of their hours and names.

    Args:
        files: `<endpoint>/<variant>/yyyy/mm/dd/hh/<name>` and `<endpoint>-ground-truth/yyyy/mm/dd/hh/<name>`.
    """
    found = [_located(path, read) for path, read in files.items()]
    return sorted(found, key=lambda file: (file.hour or datetime.min.replace(tzinfo=UTC), file.path))


def hours(files: Iterable[CaptureFile]) -> set[datetime]:
    """Return the hours of which there are captures."""
    return {file.hour for file in files if not file.holds_labels and file.hour is not None}


def _located(path: str, read: Callable[[], bytes]) -> CaptureFile:
    match = _HOUR.fullmatch(path)
    first = path.split("/", 1)[0]
    endpoint = first.removesuffix(_GROUND_TRUTH)
    return CaptureFile(path, endpoint, endpoint != first, _hour(match["hour"]) if match else None, read)


def _hour(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y/%m/%d/%H").replace(tzinfo=UTC)
    except ValueError:  # a month 13 is no hour: the file is read whatever the window is
        return None
