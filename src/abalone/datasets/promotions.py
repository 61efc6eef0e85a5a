"""The log of promotions: who made which model the champion, when and why.

The champion's record carries its own line of the log, which has one file a promotion, so that no two writers meet. It
is written after the record: a record without its line tells that somebody was stopped in between, and nothing is lost,
as the line can be written again.
"""

import json
from datetime import UTC, datetime
from typing import Any

from abalone.datasets.champion_record import LINE, require
from abalone.datasets.replacement import filesystem
from abalone.errors import AbaloneError

LOG = "promotions"
"""Folder of the log, beside the record."""

GATE = "gate"
"""The action of a run whose model passed the gate; any other is a person's."""


def promotion(*, by: str, action: str, replaced: str | None, version: str, reason: str) -> dict[str, str | None]:
    """Make a line of the log.

    Args:
        by: Who promoted.
        action: `GATE`, or a person's "promote" or "rollback".
        replaced: Version of the champion before, if there was one.
        version: Version of the champion from now on.
        reason: Why.

    Returns:
        `at` (UTC), `by`, `action`, `from`, `to` and `reason`.
    """
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    return {"at": at, "by": by, "action": action, "from": replaced, "to": version, "reason": reason}


def write_line(filepath: str, record: dict[str, Any], credentials: dict[str, Any] | None = None) -> None:
    """Write the line of a record into the log beside it; the same line again changes nothing.

    Args:
        filepath: Of the record.
        record: The record, or another one from before lines were kept, which has none to write.
        credentials: Arguments of the fsspec filesystem.
    """
    if line := record.get("promotion"):
        fs, path = filesystem(_line(filepath, line), credentials)
        if "file" in fs.protocol:
            fs.makedirs(fs._parent(path), exist_ok=True)
        fs.pipe_file(path, (json.dumps(line) + "\n").encode())


def is_logged(filepath: str, record: dict[str, Any], credentials: dict[str, Any] | None = None) -> bool:
    """Tell whether the log has the line of a record; one from before lines were kept needs none."""
    line = record.get("promotion")
    if not line:
        return True
    fs, path = filesystem(_line(filepath, line), credentials)
    return bool(fs.exists(path))


def is_by_hand(record: dict[str, Any]) -> bool:
    """Tell whether a person made the champion; one from before lines were kept does not say so."""
    line = record.get("promotion")
    return bool(line and line["action"] != GATE)


def read_log(filepath: str, credentials: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Read all lines of the log beside a record, the oldest first.

    Raises:
        AbaloneError: A line is damaged.
    """
    folder = f"{filepath.rsplit('/', 1)[0]}/{LOG}"
    fs, path = filesystem(folder, credentials)
    paths = sorted(fs.glob(f"{path}/*.json"))
    contents = fs.cat(paths) if paths else {}
    return [_parse_line(contents[line], f"{folder}/{line.rsplit('/', 1)[-1]}") for line in paths]


def _parse_line(content: bytes, place: str) -> dict[str, Any]:
    try:
        line: dict[str, Any] = json.loads(content)
        require(line, LINE)
    except (ValueError, TypeError, KeyError) as error:
        raise AbaloneError(
            f"{place} is no line of the log of promotions ({error!r}): mend it, or take it out of that folder"
        ) from error
    return line


def _line(filepath: str, line: dict[str, Any]) -> str:
    return f"{filepath.rsplit('/', 1)[0]}/{LOG}/{line['at'].replace(':', '.')}.json"
