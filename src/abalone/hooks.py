"""What the project adds to a Kedro run: a check of its parameters, a log of its nodes, and a summary at the end."""

import logging
import time
from pathlib import Path
from typing import Any

from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl
from kedro.io import AbstractDataset, DataCatalog
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node

from abalone import log, service_summary, summary
from abalone.errors import AbaloneError
from abalone.parameters import check_parameters

logger = logging.getLogger(__name__)


class RunLog:
    """Logs each node once it is done, with the seconds that it ran, and the run as a whole."""

    def __init__(self) -> None:
        self._run_started = self._node_started = time.perf_counter()
        self._done = self._total = 0

    @hook_impl
    def after_context_created(self) -> None:
        """Set up the log: Kedro has loaded its own configuration by now."""
        log.configure()

    @hook_impl
    def before_pipeline_run(self, pipeline: Pipeline) -> None:
        """Start the run's clock."""
        self._run_started = time.perf_counter()
        self._done, self._total = 0, len(pipeline.nodes)

    @hook_impl
    def before_node_run(self) -> None:
        """Start the node's clock."""
        self._node_started = time.perf_counter()

    @hook_impl
    def after_node_run(self, node: Node) -> None:
        """Log the node."""
        self._done += 1
        seconds = time.perf_counter() - self._node_started
        logger.info("%d/%d %s (%.2f s)", self._done, self._total, node.name, seconds)

    @hook_impl
    def after_pipeline_run(self) -> None:
        """Log the run."""
        logger.info("finished %d nodes in %.1f s", self._done, time.perf_counter() - self._run_started)


_MAKERS_OF_TABLES = {"ingestion", "feature_engineering"}


class ConfigurationCheck:
    """Stops a command whose environment, parameters or pipelines are wrong before it reads any data."""

    @hook_impl
    def after_context_created(self, context: KedroContext) -> None:
        """Check the environment's name, then the parameters, then that the engine is the one of the catalog."""
        conf = Path(context.config_loader.conf_source)
        known = sorted(folder.name for folder in conf.iterdir() if folder.is_dir()) if conf.is_dir() else []
        if context.env and known and context.env not in known:
            raise AbaloneError(f"{conf} has no environment {context.env!r}: choose one of {', '.join(known)}")
        check_parameters(context.params)
        _check_engine(context.params["ingestion"]["engine"], context.config_loader["globals"]["ingestion_engine"])

    @hook_impl
    def before_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Check that it is these pipelines that make the tables, if they are to."""
        asked = _MAKERS_OF_TABLES & {str(node.namespace) for node in pipeline.nodes}
        if asked and catalog.load("params:ingestion.engine") == "glue":
            raise AbaloneError(
                f"ingestion.engine is glue, so it is the ETL job on Spark that does the {' and '.join(sorted(asked))}: "
                "start it (the Glue job, or `make etl`), then run with --pipelines training,evaluation; or set "
                "ABALONE_INGESTION_ENGINE=pandas"
            )


def _check_engine(of_parameters: str, of_catalog: str) -> None:
    if of_parameters != of_catalog:
        raise AbaloneError(
            f"ingestion.engine = {of_parameters} does not go with a catalog for {of_catalog}: both follow "
            "ingestion_engine in globals.yml, so leave the parameter as it is, and choose the engine by "
            "ABALONE_INGESTION_ENGINE"
        )


_SUMMARIES = {
    "gate": (summary.show, summary.REPORTS, summary.PLACES),
    "monitoring_report": (service_summary.show_window, service_summary.WINDOW, service_summary.WINDOW_PLACES),
    "feedback_report": (service_summary.show_landed, service_summary.LANDED, service_summary.LANDED_PLACES),
}
"""By the dataset that a run has to make: what prints the summary, of which datasets, with the places of which."""


class RunSummary:
    """Prints what a run found, for a person: at the gate, of a monitored window, of what was labelled in service."""

    @hook_impl
    def after_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Print the summary to standard output."""
        for made, (show, reports, places) in _SUMMARIES.items():
            if made in pipeline.all_outputs():
                show({name: catalog.load(name) for name in reports}, {name: _place(catalog[name]) for name in places})


def _place(dataset: AbstractDataset[Any, Any]) -> str:
    """Where a dataset is stored, as a person would type it."""
    described = dataset._describe()
    if "path" in described:  # of a folder, with its protocol
        return str(described["path"])
    path, protocol = str(described["filepath"]), described["protocol"]
    return path.removeprefix(f"{Path.cwd()}/") if protocol == "file" else f"{protocol}://{path}"
