"""Where captures and labels lie: the folders of SageMaker, which the service uses, too."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeAlias

from abalone.captures.window import Window, is_believable
from abalone.errors import AbaloneError

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


def files_of_endpoint(files: Files, endpoint: str | None, parameter: str) -> list[CaptureFile]:
    """Return captures and labels of an endpoint, as `capture_files` does.

    Args:
        files: As for `capture_files`.
        endpoint: Whose; None: everyone's.
        parameter: That names the endpoint, for the error.

    Raises:
        AbaloneError: There are no captures.
    """
    found = [file for file in capture_files(files) if endpoint in {None, file.endpoint}]
    if all(file.holds_labels for file in found):
        whose, mend = ("", "") if endpoint is None else (f" of endpoint {endpoint}", f"mend {parameter}, or ")
        raise AbaloneError(
            f"nothing has been captured{whose}, 01_raw/captures of the data folder has no such predictions: {mend}"
            "start the service with `make serve`, or name that folder in ABALONE_SERVING_CAPTURE, and ask it for "
            "predictions"
        )
    return found


def captured_time(files: Iterable[CaptureFile]) -> Window:
    """Return the time of which there are captures, in whole hours; open where no folder tells."""
    hours = [file.hour for file in files if not file.holds_labels and file.hour is not None]
    # What comes late in an hour belongs to the same time.
    return Window(min(hours), max(hours) + timedelta(hours=1)) if hours else Window()


def _located(path: str, read: Callable[[], bytes]) -> CaptureFile:
    match = _HOUR.fullmatch(path)
    first = path.split("/", 1)[0]
    endpoint = first.removesuffix(_GROUND_TRUTH)
    return CaptureFile(path, endpoint, endpoint != first, _hour(match["hour"]) if match else None, read)


def _hour(text: str) -> datetime | None:
    try:
        hour = datetime.strptime(text, "%Y/%m/%d/%H").replace(tzinfo=UTC)
    except ValueError:  # a month 13 is no hour: the file is read whatever the window is
        return None
    return hour if is_believable(hour) else None
