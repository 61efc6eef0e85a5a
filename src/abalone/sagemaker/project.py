"""The Kedro project that is compiled."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kedro.config import AbstractConfigLoader
from kedro.framework.context import KedroContext
from kedro.framework.project import settings
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project

SOURCES = ("conf", "requirements", "src", "pyproject.toml")
"""What an image is made of."""


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
