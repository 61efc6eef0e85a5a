"""Which files the tables have: one object, written last, that makes all tables change together."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from abalone.datasets.table import read_manifest
from abalone.errors import AbaloneError
from abalone.etl.folder import DataFolder
from abalone.etl.parsed import PARSED, ParsedBatch, Part

MANIFEST = "03_primary/tables.json"
RUNS = "03_primary/etl"


def new_run() -> str:
    """Name a run by its time, so that a later one has a greater name."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"


def current_tables(folder: DataFolder) -> dict[str, Any] | None:
    """Read the manifest that is there; see `read_manifest`."""
    return read_manifest(f"{folder.root}/{MANIFEST}")


def swap_tables(
    folder: DataFolder, run: str, tables: Mapping[str, Sequence[Part]], previous: Mapping[str, Any] | None
) -> None:
    """Make the tables of a run those that readers find.

    Args:
        folder: The data folder.
        run: The run.
        tables: Files of each table.
        previous: The manifest when the run began.

    Raises:
        AbaloneError: Another run has done so since.
    """
    now = current_tables(folder)
    if now != previous:
        raise AbaloneError(
            f"{folder.root}/{MANIFEST} has been changed by another run ({now and now['run']}) while this one was at "
            "work: run again, one job at a time"
        )
    written = {
        name: {"files": [part.file for part in parts], "rows": sum(part.rows for part in parts)}
        for name, parts in tables.items()
    }
    before = {key: previous[key] for key in ("run", "tables")} if previous else None
    manifest = {"run": run, "tables": written, "previous": before}
    folder.write(MANIFEST, json.dumps(manifest, indent=2).encode())


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
