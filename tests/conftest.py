"""Fixtures that every suite shares."""

import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

from abalone.model.artifact import Artifact
from abalone.model.intervals import IntervalRegressor
from support import training
from support.project import Project, new_project

# Whoever starts the tests in the background, or with nohup, has these ignored, and every process of a test inherits it.
for number, default in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, default)

# Ended from outside, as by a limit of time, the tests end what they have started, as after Ctrl-C.
signal.signal(signal.SIGTERM, signal.default_int_handler)

settings.register_profile("abalone", deadline=None, derandomize=True, database=None)
settings.load_profile("abalone")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project in which nothing has run yet."""
    return new_project(tmp_path / "data")


@pytest.fixture(scope="session")
def finished_run(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Project, subprocess.CompletedProcess[str]]:
    """A project after one `kedro run`, and what it printed. For reading only."""
    project = new_project(tmp_path_factory.mktemp("finished") / "data")
    return project, project.kedro("run")


@pytest.fixture
def finished_project(finished_run: tuple[Project, subprocess.CompletedProcess[str]], tmp_path: Path) -> Project:
    """A copy of a project after one `kedro run`, to do with as one likes."""
    original, completed = finished_run
    assert completed.returncode == 0, completed.stderr
    data = tmp_path / "finished"
    shutil.copytree(original.data, data)
    return Project(data)


@pytest.fixture(scope="session")
def trained() -> tuple[IntervalRegressor, Artifact]:
    """The model in the training process, and the artifact that was exported of it."""
    table, parameters = training.survey_table(), training.training_parameters()
    model = training.fit("average", table, parameters)
    return model, training.export(model, table, parameters)


@pytest.fixture(scope="session")
def artifact_directory(trained: tuple[IntervalRegressor, Artifact], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an artifact. For reading only."""
    directory = tmp_path_factory.mktemp("artifact") / "model"
    training.write(trained[1], directory)
    return directory
