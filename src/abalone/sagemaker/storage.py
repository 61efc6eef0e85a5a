"""Where a job's outputs lie: under a key of everything that they depend on.

SageMaker answers a job from its cache when its request is as before. So that another run does not overwrite what a
later job will then read, the outputs of a group are stored under a key of the image, the parameters and the versions of
the data that they depend on, and a record, written last, says that they are whole.
"""

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import fsspec
from kedro.framework.hooks import hook_impl
from kedro.io import AbstractDataset, CatalogConfigResolver, DataCatalog

from abalone.datasets.table import GLUE
from abalone.errors import AbaloneError
from abalone.sagemaker.grouping import Grouping
from abalone.sagemaker.job_parameters import Leaves, used_by

RECORD = "group.json"


class Record(NamedTuple):
    """What is known of the outputs of a group: since when they are whole, and the version of each versioned one."""

    finished: datetime
    versions: dict[str, str]


def group_keys(grouping: Grouping, name: str, leaves: Leaves, versions: Mapping[str, str], code: str) -> dict[str, str]:
    """Compute the keys of a group and of those that it depends on.

    Args:
        grouping: All groups of the pipeline.
        name: Name of the group.
        leaves: Parameters; those that no node of these groups reads do not matter.
        versions: Version of each input of the pipeline; the others do not matter.
        code: What identifies code and configuration: environment, pipeline and image.
    """
    keys: dict[str, str] = {}
    for group in grouping.lineage(name):
        depends_on = {
            "code": code,
            "group": group.name,
            "parameters": used_by(group.pipeline, leaves),
            "inputs": {
                dataset: versions[dataset] for dataset, readers in grouping.inputs.items() if group.name in readers
            },
            "groups": {dependency: keys[dependency] for dependency in group.dependencies},
        }
        keys[group.name] = hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()[:32]
    return keys


@dataclass(frozen=True)
class Storage:
    """The outputs of the groups of a pipeline.

    Attributes:
        root: URI that all of them are under.
        keys: Key of the outputs, by group.
    """

    root: str
    keys: Mapping[str, str]

    def folder(self, group: str) -> str:
        """URI of a group's outputs."""
        return f"{self.root}/{group}/{self.keys[group]}"

    def write_record(self, group: str, versions: Mapping[str, str]) -> None:
        """Record that a group's outputs are whole.

        Args:
            group: The group.
            versions: Version of each of its versioned outputs.
        """
        fs, path = self._record(group)
        finished = datetime.now(UTC).isoformat(timespec="seconds")
        fs.pipe_file(path, json.dumps({"finished": finished, "versions": dict(versions)}, indent=2).encode())

    def clear_record(self, group: str) -> None:
        """Take a group's outputs for incomplete, before they are written again."""
        fs, path = self._record(group)
        if fs.exists(path):
            fs.rm_file(path)

    def read_record(self, group: str) -> Record | None:
        """Read the record of a group; None when its outputs are not whole."""
        fs, path = self._record(group)
        if not fs.exists(path):
            return None
        record = json.loads(fs.cat_file(path))
        return Record(datetime.fromisoformat(record["finished"]), record["versions"])

    def upstream_versions(self, group: str) -> dict[str, str]:
        """Read the versions of the versioned outputs of the groups that a group depends on.

        Raises:
            AbaloneError: The outputs of one of them are not there.
        """
        found: dict[str, str] = {}
        for name in self.keys:
            if name == group:
                continue
            record = self.read_record(name)
            if record is None:
                raise AbaloneError(
                    f"{self.folder(name)} lacks {RECORD}: the outputs of {name} are incomplete or have expired; "
                    "start the run with --no-cache"
                )
            found |= record.versions
        return found

    def _record(self, group: str) -> tuple[fsspec.AbstractFileSystem, str]:
        fs, path = fsspec.core.url_to_fs(f"{self.folder(group)}/{RECORD}")
        fs.invalidate_cache()
        return fs, path


class Placement:
    """The hook that places the datasets of a pipeline's groups in their storage, and pins the champion.

    Stay where they are: inputs of the whole pipeline; outputs at the place of such an input, which are the state that
    runs hand on; and versioned datasets, whose versions do not overwrite each other.

    Args:
        storage: Where to.
        producers: The group that writes a dataset, by the dataset's name.
        inputs: Version of each input of the whole pipeline that is known, by its name.
    """

    def __init__(self, storage: Storage, producers: Mapping[str, str], inputs: Mapping[str, str]) -> None:
        self._storage = storage
        self._producers = producers
        self._inputs = inputs

    @hook_impl
    def after_catalog_created(
        self, catalog: DataCatalog, conf_catalog: dict[str, Any], conf_creds: dict[str, Any]
    ) -> None:
        """Replace datasets of the catalog."""
        resolver = CatalogConfigResolver(conf_catalog, conf_creds)
        given = {name: resolver.resolve_pattern(name) for name in self._inputs}
        state = {place(config) for config in given.values()}
        for name, config in given.items():
            if is_champion(config):
                catalog[name] = AbstractDataset.from_config(name, {**config, "pinned": self._inputs[name]})
        for name, group in self._producers.items():
            config = resolver.resolve_pattern(name)
            uri = place(config)
            if group not in self._storage.keys or uri is None or uri in state or config.get("versioned"):
                continue
            catalog[name] = AbstractDataset.from_config(
                name, _moved(config, f"{self._storage.folder(group)}/{_key(uri)}")
            )


def is_champion(config: Mapping[str, Any]) -> bool:
    """Whether the configuration of a dataset is one of the champion."""
    return str(config.get("type", "")).endswith(".ChampionDataset")


def is_of_glue(config: Mapping[str, Any]) -> bool:
    """Whether the configuration of a dataset is one of a table that the Glue job makes."""
    return str(config.get("type", "")).endswith(".TableDataset") and config["engine"] == GLUE


def place(config: Mapping[str, Any]) -> str | None:
    """Return where the configuration of a dataset says that it lies; None when it does not say.

    A table of the Glue job lies where its manifest says, which changes with it.
    """
    uri = config["manifest"] if is_of_glue(config) else config.get("filepath", config.get("path"))
    return None if uri is None else str(uri)


def _moved(config: Mapping[str, Any], uri: str) -> dict[str, Any]:
    moved = copy.deepcopy(dict(config))
    moved["filepath" if "filepath" in config else "path"] = uri
    return moved


def _key(uri: str) -> str:
    """Path within the bucket."""
    return uri.split("://", 1)[-1].split("/", 1)[-1]
