"""Which files the tables have: one object, written last, that makes all tables change together."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from abalone.datasets.replacement import FileChangedError, file_tag, replace_file
from abalone.datasets.table import read_manifest
from abalone.errors import AbaloneError
from abalone.etl.folder import DataFolder
from abalone.etl.parsed import PARSED, ParsedBatch, Part
from abalone.etl.reports import REPORTS

MANIFEST = "03_primary/tables.json"
RUNS = "03_primary/etl"


class Current(NamedTuple):
    """The manifest as it was read.

    Attributes:
        manifest: See `read_manifest`; None without one.
        tag: What tells whether another run has replaced it.
    """

    manifest: dict[str, Any] | None
    tag: str

    @property
    def inputs(self) -> str | None:
        """Digest of what the tables follow from; None if there are none, or it is not told."""
        return self.manifest.get("inputs") if self.manifest else None


def new_run() -> str:
    """Name a run by its time, so that a later one has a greater name."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"


def current_tables(folder: DataFolder) -> Current:
    """Read the manifest that is there."""
    place = f"{folder.root}/{MANIFEST}"
    # before the content: what is written in between is noticed when the tables are swapped
    tag = file_tag(place)
    return Current(read_manifest(place), tag)


def whole_run(folder: DataFolder, current: Current) -> str | None:
    """Return the run that has made the tables; None if there is none, or a table or report of it is gone.

    Args:
        folder: The data folder.
        current: The manifest that is there.
    """
    manifest = current.manifest
    if manifest is None:
        return None
    run = f"{RUNS}/{manifest['run']}"
    there = {f"{run}/{name}" for name in folder.find(run)}
    named = [file for table in manifest["tables"].values() for file in table["files"]]
    return manifest["run"] if there.issuperset([*named, *(f"{run}/{report}" for report in REPORTS)]) else None


def swap_tables(
    folder: DataFolder, run: str, inputs: str, tables: Mapping[str, Sequence[Part]], current: Current
) -> None:
    """Make the tables of a run those that readers find.

    Args:
        folder: The data folder.
        run: The run.
        inputs: See `digest_inputs`.
        tables: Files of each table.
        current: The manifest when the run began.

    Raises:
        AbaloneError: Another run has done so since.
    """
    written = {
        name: {"files": [part.file for part in parts], "rows": sum(part.rows for part in parts)}
        for name, parts in tables.items()
    }
    before = {key: current.manifest[key] for key in ("run", "tables")} if current.manifest else None
    manifest = {"run": run, "inputs": inputs, "tables": written, "previous": before}
    try:
        replace_file(f"{folder.root}/{MANIFEST}", json.dumps(manifest, indent=2).encode(), current.tag)
    except FileChangedError as error:
        raise AbaloneError(
            f"{folder.root}/{MANIFEST} has been changed by another run while this one was at work: run again, one job "
            "at a time"
        ) from error


def remove_leftovers(
    folder: DataFolder, run: str, previous: Mapping[str, Any] | None, parsed: Sequence[ParsedBatch]
) -> int:
    """Remove what no reader will ask for: older runs, killed ones, and parsed batches that have changed or gone.

    Args:
        folder: The data folder.
        run: The current run.
        previous: The manifest when the run began.
        parsed: What became of the batches of the current run.

    Returns:
        The number of removed folders.
    """
    kept_runs = {run, previous["run"] if previous else run}
    kept_batches = {batch.fingerprint for batch in parsed}
    leftovers = [
        *(f"{RUNS}/{name}" for name in _folders(folder, RUNS) if name not in kept_runs and name < run),
        *(f"{PARSED}/{name}" for name in _folders(folder, PARSED) if name not in kept_batches),
    ]
    for leftover in leftovers:
        folder.remove(leftover)
    return len(leftovers)


def _folders(folder: DataFolder, path: str) -> set[str]:
    return {name.split("/")[0] for name in folder.find(path)}
