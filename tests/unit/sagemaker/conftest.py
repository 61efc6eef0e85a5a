"""An account that does not exist, and the project compiled for it."""

import pytest

from abalone.sagemaker.compilation import Compiled, compile_pipeline
from abalone.sagemaker.project import open_project
from support.golden import ACCOUNT
from support.project import REPOSITORY


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The account's values in the environment; the project's folder is the current one."""
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "ABALONE_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(REPOSITORY)
    return monkeypatch


@pytest.fixture
def compiled(account: pytest.MonkeyPatch) -> Compiled:  # noqa: ARG001 - it acts on the process
    """The default pipeline, compiled for dev."""
    with open_project("dev") as context:
        return compile_pipeline(context)
