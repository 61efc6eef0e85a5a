"""Which files of the landing zone are batches."""

import logging
from collections.abc import Mapping
from typing import TypeVar

from abalone.errors import AbaloneError

logger = logging.getLogger(__name__)

T = TypeVar("T")

_ENDING = ".csv"
_UNFINISHED = ".partial"


def batches_by_name(files: Mapping[str, T]) -> dict[str, T]:
    """Choose the batches among the files of the landing zone, and name them.

    A file whose name ends in .csv, in any case, is a batch. Hidden and unfinished files are no one's data; any other
    file is logged as not read, because it may be a survey that somebody expects in the result.

    Args:
        files: By file name within the landing zone, anything.

    Returns:
        The same by name of the batch, sorted: its file name without the ending, bytes that are not UTF-8 escaped.

    Raises:
        AbaloneError: There is no batch, or two files are the same one.
    """
    file_names: dict[str, str] = {}
    for file_name in sorted(files):
        shown = _encodable(file_name)
        if _is_ignored(file_name):
            continue
        if not file_name.lower().endswith(_ENDING):
            logger.warning("%s is not read: its name does not end in %s", shown, _ENDING)
            continue
        batch = shown[: -len(_ENDING)]
        if batch in file_names:
            raise AbaloneError(
                f"{_encodable(file_names[batch])} and {shown} of the landing zone are both batch {batch}: rename one."
            )
        file_names[batch] = file_name
    if not file_names:
        raise AbaloneError(
            "The landing zone has no batch: put a CSV file into 01_raw/landing of the data folder, "
            "or run the collection pipeline."
        )
    return {batch: files[file_names[batch]] for batch in sorted(file_names)}


def _is_ignored(file_name: str) -> bool:
    is_hidden = any(part.startswith(".") for part in file_name.split("/"))
    # S3 lists the landing zone itself, under an empty name, where somebody has created it as a folder.
    return is_hidden or not file_name or file_name.endswith(("/", _UNFINISHED))


def _encodable(file_name: str) -> str:
    """Escape what Python stands in for the bytes of a file name that is not UTF-8."""
    return file_name.encode("utf-8", "backslashreplace").decode("utf-8")
