"""An account that does not exist, and the project compiled for it."""

import pytest

from abalone.sagemaker.compilation import Compiled, compile_pipeline
from abalone.sagemaker.project import open_project
from support.golden import ACCOUNT
from support.project import REPOSITORY


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The account's values in the environment; the project's folder is the current one."""
    enter(monkeypatch)
    return monkeypatch


def enter(patch: pytest.MonkeyPatch) -> None:
    for name, value in ACCOUNT.items():
        patch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "ABALONE_DATA", "ABALONE_INGESTION_ENGINE"):
        patch.delenv(name, raising=False)
    patch.chdir(REPOSITORY)


@pytest.fixture
def compiled(account: pytest.MonkeyPatch) -> Compiled:  # noqa: ARG001 - it acts on the process
    """The default pipeline, compiled for dev."""
    with open_project("dev") as context:
        return compile_pipeline(context)


@pytest.fixture(scope="session")
def compiled_for_glue() -> Compiled:
    """The default pipeline, compiled for dev with the tables of the Glue job. For reading only."""
    with pytest.MonkeyPatch.context() as patch:
        enter(patch)
        patch.setenv("ABALONE_INGESTION_ENGINE", "glue")
        with open_project("dev") as context:
            return compile_pipeline(context)
