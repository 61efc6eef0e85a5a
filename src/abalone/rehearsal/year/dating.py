"""The simulated clock: captures are dated to the week that is played.

The service dates what it captures by the real clock, and a year of it takes two minutes. So it writes into a folder of
its own, and after each week the lines are moved to where monitoring reads, under the day that is played, with the time
of the predictions in them. Nothing else of them is changed.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

_HOUR_FOLDERS = 4
"""Of a capture's path: year, month, day, hour."""


def date_captures(written: Path, captures: Path, asked: Mapping[str, datetime], told: datetime) -> list[Path]:
    """Move captures to where they are read, dated to the week that is played.

    Args:
        written: Root of the captures as the service wrote them.
        captures: Root of those that are read.
        asked: When predictions were asked for, in UTC, by the id of their answer.
        told: When rings were told, in UTC.

    Returns:
        The files of predictions, in their new place.
    """
    dated: dict[Path, None] = {}
    for path in sorted(written.rglob("*.jsonl")):
        folders = path.parent.relative_to(written).parts[:-_HOUR_FOLDERS]
        for line in path.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            metadata = event["eventMetadata"]
            moment = told
            is_prediction = "inferenceTime" in metadata  # rings have none
            if is_prediction:
                moment = asked[metadata["inferenceId"]]
                metadata["inferenceTime"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            place = captures.joinpath(*folders, moment.strftime("%Y/%m/%d/%H"), path.name)
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(event)}\n")
            if is_prediction:
                dated[place] = None
        path.unlink()
    return list(dated)
