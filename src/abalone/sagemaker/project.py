"""The Kedro project that is compiled."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kedro.config import AbstractConfigLoader
from kedro.framework.context import KedroContext
from kedro.framework.project import pipelines, settings
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project
from kedro.pipeline import Pipeline

from abalone.datasets.table import GLUE
from abalone.errors import AbaloneError

SOURCES = ("conf", "requirements", "src", "pyproject.toml")
"""What an image is made of."""

PREPARATION = ("ingestion", "feature_engineering")
"""The pipelines whose work the Glue job does where `ingestion_engine` of globals.yml is glue."""


@contextmanager
def open_project(env: str, parameters: Mapping[str, Any] | None = None) -> Iterator[KedroContext]:
    """Open the project in the current folder.

    Args:
        env: Kedro environment.
        parameters: Put in the place of those of `conf/`; nested.

    Yields:
        Kedro's context.
    """
    project = Path.cwd()
    bootstrap_project(project)
    session = KedroSession.create(project_path=project, env=env, runtime_params=dict(parameters or {}))
    with session:
        yield session.load_context()


def config_loader(conf: Path, env: str) -> AbstractConfigLoader:
    """Make a loader of the configuration as the files say it, without the parameters of a run.

    Args:
        conf: The project's `conf/`.
        env: Kedro environment.
    """
    loader: AbstractConfigLoader = settings.CONFIG_LOADER_CLASS(
        conf_source=str(conf), env=env, **settings.CONFIG_LOADER_ARGS
    )
    return loader


def pipeline_of_jobs(name: str, loader: AbstractConfigLoader) -> Pipeline:
    """Return a pipeline as SageMaker runs it: without the nodes whose work the Glue job does.

    Args:
        name: Of the Kedro pipeline.
        loader: Of the configuration, for `ingestion_engine` of globals.yml.

    Raises:
        AbaloneError: There is no such pipeline, or the Glue job does all of its work.
    """
    if name not in pipelines:
        raise AbaloneError(f"there is no pipeline {name!r}: `kedro registry list` names them")
    pipeline: Pipeline = pipelines[name]
    if loader["globals"]["ingestion_engine"] != GLUE:
        return pipeline
    remaining = pipeline - sum((pipelines[each] for each in PREPARATION), Pipeline([]))
    if not remaining.nodes:
        raise AbaloneError(f"the Glue job does all that {name!r} does, as ingestion_engine is glue: start it instead")
    return remaining


def working_tree_image() -> str:
    """Name the working tree as if it were an image, by the digest of what an image would be made of.

    So a job on this machine is answered from the cache only while code, configuration and locks stand as they are.
    """
    digest = hashlib.sha256()
    for source in SOURCES:
        root = Path(source)
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"working-tree@sha256:{digest.hexdigest()}"
