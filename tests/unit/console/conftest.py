"""The commands on a folder of models that are made at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from abalone.console.__main__ import cli
from support.project import REPOSITORY

Run = Callable[..., Result]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the models of the environment base, which has none yet."""
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setenv("ABALONE_DATA", str(tmp_path / "data"))
    folder = tmp_path / "data" / "06_models"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def abalone(models: Path) -> Run:  # noqa: ARG001 - it names the folder to the command
    """Runs `abalone` with some arguments."""
    return lambda *arguments, **options: CliRunner().invoke(cli, list(arguments), **options)
