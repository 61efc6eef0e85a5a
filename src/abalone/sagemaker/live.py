"""Pipelines that look at things as they are whenever they run: one job, which runs some of Kedro's pipelines in turn.

Nothing of such a job is answered from a cache, so an execution is told no version of what it reads; and what it writes
is where the catalog says, for people and for the service to find it there.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kedro.config import AbstractConfigLoader
from kedro.framework.session import KedroSession
from kedro.pipeline import Pipeline

from abalone.sagemaker.grouping import Group, Grouping
from abalone.sagemaker.project import pipeline_of_jobs


def one_job(name: str, members: Sequence[str], loader: AbstractConfigLoader) -> Grouping:
    """Put some of Kedro's pipelines into one job.

    Args:
        name: Of the job.
        members: Names of the pipelines.
        loader: Of the configuration.

    Raises:
        AbaloneError: One of them does not exist.
    """
    nodes = sum((pipeline_of_jobs(member, loader) for member in members), Pipeline([]))
    return Grouping((Group(name, nodes, ()),), live=True)


def run_in_turn(members: Sequence[str], project: Path, env: str, parameters: Mapping[str, Any]) -> None:
    """Run pipelines one after the other, each on what those before it have left.

    Args:
        members: Names of the pipelines.
        project: Folder of the project.
        env: Kedro environment.
        parameters: Put in the place of those of `conf/`; nested.
    """
    for member in members:
        session = KedroSession.create(project_path=project, env=env, runtime_params=dict(parameters))
        with session:
            session.run(pipeline_names=[member])
