"""The entry point of the job's container, for processing and for training: runs one group of a pipeline's nodes.

Needs neither kedro-sagemaker nor the SageMaker SDK.
"""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import fsspec
from kedro.config import AbstractConfigLoader
from kedro.framework.project import settings
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project
from kedro.io import CatalogConfigResolver
from omegaconf import OmegaConf

from abalone.diagnosis import diagnose
from abalone.sagemaker.exports import Exports
from abalone.sagemaker.grouping import Grouping, group_nodes
from abalone.sagemaker.input_versions import check_unchanged
from abalone.sagemaker.job_parameters import (
    PARAMETERS_FILE,
    Leaves,
    check_same_names,
    flatten,
    nest,
    read_environment,
    used_by,
)
from abalone.sagemaker.live import one_job, run_in_turn
from abalone.sagemaker.project import config_loader, pipeline_of_jobs
from abalone.sagemaker.storage import Placement, Storage, group_keys

ENTRY_POINT = ("python", "-m", "abalone.sagemaker.job")
"""How a container starts a job."""

INPUT_VERSION = "KEDRO_INPUT_VERSION_"
"""Prefix of the variables that hold the version of one input of the pipeline each, as `name=version`."""

IMAGE = "ABALONE_IMAGE"
"""The variable that names the image of the job."""

ML_ROOT = "ABALONE_ML_ROOT"
"""The variable that names the folder that stands for /opt/ml where no container does."""

# What SageMaker shows of a failure or of a processing job's exit: 1 KB.
MESSAGE_BYTES = 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the group that the command line names, and tell SageMaker why when it fails.

    Args:
        arguments: Of the command line.

    Returns:
        The exit code: 0, or 1 for a failure.
    """
    options = _parser().parse_args(arguments)
    ml = Path(os.environ.get(ML_ROOT, "/opt/ml"))
    try:
        if options.live:
            run_live(options, os.environ)
        else:
            run_group(options, ml, os.environ)
    except Exception as error:
        message = diagnose(error)
        if message is None:
            traceback.print_exc()
            message = f"{type(error).__name__}: {error}"
        sys.stderr.write(f"Error: {message}\n")
        _write_failure(ml, message)
        return 1
    return 0


def run_group(options: argparse.Namespace, ml: Path, environment: Mapping[str, str]) -> None:
    """Run one group: read what it depends on, run its nodes, record its outputs, hand over what SageMaker keeps.

    Args:
        options: Of the command line.
        ml: The folder that SageMaker knows as /opt/ml.
        environment: Variables of the job.

    Raises:
        AbaloneError: The job does not fit the project, or lacks what it depends on.
    """
    project = Path.cwd()
    bootstrap_project(project)
    conf = project / settings.CONF_SOURCE
    loader = config_loader(conf, options.env)
    grouping = group_nodes(pipeline_of_jobs(options.pipeline, loader), _configured_groups(conf, options.env))
    group = grouping[options.group]
    resolver = CatalogConfigResolver(dict(loader["catalog"]), {})
    leaves = _parameters(grouping, group.name, environment, loader)
    versions = _input_versions(environment)
    code = code_identity(options.env, options.pipeline, environment[IMAGE])
    storage = Storage(options.storage, group_keys(grouping, group.name, leaves, versions, code))

    own_inputs = {name: versions[name] for name in grouping.inputs if group.name in grouping.inputs[name]}
    inputs = {name: resolver.resolve_pattern(name) for name in own_inputs}
    check_unchanged(own_inputs, inputs)
    upstream = storage.upstream_versions(group.name)
    storage.clear_record(group.name)
    sys.stderr.write(f"What {group.name} writes is under {storage.folder(group.name)}\n")
    session = KedroSession.create(project_path=project, env=options.env, runtime_params=nest(leaves))
    outputs = group.pipeline.all_outputs()
    versioned = [name for name in outputs if resolver.resolve_pattern(name).get("versioned")]
    # what is loaded again is what this job has saved, even if another one has saved something newer
    own = dict.fromkeys(versioned, session.session_id)
    exports = Exports(ml, options.artifact, options.gate, options.model, options.metrics, options.report)
    with session:
        session._hook_manager.register(Placement(storage, grouping.producers, versions))
        session._hook_manager.register(exports)
        session.run(pipeline_names=[options.pipeline], node_names=group.node_names, load_versions={**upstream, **own})
    check_unchanged(own_inputs, inputs)
    storage.write_record(group.name, own)


def run_live(options: argparse.Namespace, environment: Mapping[str, str]) -> None:
    """Run whole pipelines in turn, on what is there, and write where the catalog says.

    Args:
        options: Of the command line.
        environment: Variables of the job.

    Raises:
        AbaloneError: The job does not fit the project.
    """
    project = Path.cwd()
    bootstrap_project(project)
    loader = config_loader(project / settings.CONF_SOURCE, options.env)
    grouping = one_job(options.group, options.live, loader)
    leaves = _parameters(grouping, options.group, environment, loader)
    run_in_turn(options.live, project, options.env, nest(leaves))


def code_identity(env: str, pipeline: str, image: str) -> str:
    """Identify code and configuration: what the keys of a group's outputs depend on beside data and parameters."""
    return f"{env} {pipeline} {image}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=" ".join(ENTRY_POINT), description=__doc__)
    parser.add_argument("--env", required=True, help="Kedro environment")
    parser.add_argument("--pipeline", required=True, help="name of the Kedro pipeline")
    parser.add_argument("--group", required=True, help="group of its nodes to run")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--storage", help="URI that the outputs of all groups are under")
    which.add_argument("--live", nargs="+", help="whole pipelines to run in turn, in the place of the group's nodes")
    parser.add_argument("--artifact", help="dataset whose files go into model.tar.gz")
    parser.add_argument("--gate", help="dataset of the gate, for the pipeline's condition")
    parser.add_argument("--model", help="dataset of the artifact that the gate decides on")
    parser.add_argument("--metrics", help="dataset of the scores, for the Model Registry")
    parser.add_argument("--report", help="dataset of the report, for the Model Registry")
    return parser


def _configured_groups(conf: Path, env: str) -> dict[str, list[str]]:
    """Read the mapping of groups alone: other keys name variables that a job is not given."""
    files = [path for folder in ("base", env) if (path := conf / folder / "sagemaker.yml").is_file()]
    merged = OmegaConf.merge({"groups": {}}, *map(OmegaConf.load, files))
    groups: Any = OmegaConf.to_container(merged.groups, resolve=True)
    return dict(groups)


def _parameters(grouping: Grouping, group: str, environment: Mapping[str, str], loader: AbstractConfigLoader) -> Leaves:
    configured = flatten(loader["parameters"])
    leaves = read_environment(environment, configured)
    if uri := environment.get(PARAMETERS_FILE):
        fs, path = fsspec.core.url_to_fs(uri)
        leaves |= json.loads(fs.cat_file(path))
    for member in grouping.lineage(group):
        check_same_names(leaves, used_by(member.pipeline, configured))
    return leaves


def _input_versions(environment: Mapping[str, str]) -> dict[str, str]:
    given = (value.partition("=") for name, value in environment.items() if name.startswith(INPUT_VERSION))
    return {name: version for name, _, version in given}


def _write_failure(ml: Path, message: str) -> None:
    text = message.encode()[:MESSAGE_BYTES].decode(errors="ignore")
    for name in ("failure", "message"):  # of a training job, of a processing job
        path = ml / "output" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
