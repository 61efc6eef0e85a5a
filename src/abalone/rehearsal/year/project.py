"""The project's own pipelines, run in this process on a throw-away data folder."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kedro.framework.context import KedroContext
from kedro.framework.project import pipelines
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project
from kedro.io import CatalogProtocol
from kedro.pipeline import Pipeline
from kedro.runner import SequentialRunner
from kedro.utils import find_kedro_project
from omegaconf import OmegaConf

from abalone.errors import AbaloneError

Catalog = CatalogProtocol[Any, Any]
Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Project:
    """The project.

    Attributes:
        folder: Where its configuration is.
        replaced: Parameters that replace those of the configuration, as `--params` does.
    """

    folder: Path
    replaced: Parameters

    def run(self, *names: str, to: str | None = None, parameters: Parameters | None = None) -> Catalog:
        """Run pipelines, as `kedro run --pipelines` does, but quietly.

        Args:
            names: Of the pipelines.
            to: The output that is wanted, if not all are.
            parameters: Further parameters that replace those of the configuration.

        Returns:
            The catalog, to load from it what was stored.
        """
        catalog: Catalog = self._context(parameters or {}).catalog
        wanted = sum((pipelines[name] for name in names), Pipeline([]))
        SequentialRunner().run(wanted.to_outputs(to) if to else wanted, catalog)
        return catalog

    @property
    def parameters(self) -> dict[str, Any]:
        """The configuration's parameters."""
        return dict(self._context({}).params)

    def _context(self, parameters: Parameters) -> KedroContext:
        merged: Any = OmegaConf.to_container(OmegaConf.merge(dict(self.replaced), dict(parameters)))
        session: Any = KedroSession.create(self.folder, save_on_close=False, runtime_params=merged)
        with session:
            context: KedroContext = session.load_context()
        return context


@contextmanager
def opened_project(data: Path, replaced: Parameters) -> Iterator[Project]:
    """Open the project that this process is run in.

    Args:
        data: The data folder of its pipelines, as long as the context is open.
        replaced: Parameters that replace those of the configuration.

    Raises:
        AbaloneError: It is run elsewhere.
    """
    folder = find_kedro_project(Path.cwd())
    if folder is None:
        raise AbaloneError(f"{Path.cwd()} is not within the project: run `make simulate-year` in its folder")
    earlier = os.environ.get("ABALONE_DATA")
    os.environ["ABALONE_DATA"] = str(data)
    try:
        bootstrap_project(folder)
        yield Project(folder, replaced)
    finally:
        del os.environ["ABALONE_DATA"]
        if earlier is not None:
            os.environ["ABALONE_DATA"] = earlier
