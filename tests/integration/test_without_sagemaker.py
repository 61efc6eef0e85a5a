"""A local run neither needs nor loads what SageMaker needs."""

import json

import pytest
from benchmarks.sagemaker.environments import ISOLATED, link_sets

from support.project import Project

OF_SAGEMAKER = ("kedro_sagemaker", "sagemaker")


@pytest.fixture(scope="module")
def without_sagemaker(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables of an environment that has the sets of a run, on files and on S3, and no other."""
    return link_sets(tmp_path_factory.mktemp("packages"), "run", "aws")


def test_run_needs_nothing_of_the_sagemaker_set(project: Project, without_sagemaker: dict[str, str]) -> None:
    program = f"import importlib.util, json; print(json.dumps([importlib.util.find_spec(n) for n in {OF_SAGEMAKER}]))"

    found = project.python(ISOLATED, "-c", program, env=without_sagemaker)
    completed = project.python(ISOLATED, "-m", "kedro", "run", env=without_sagemaker)

    assert json.loads(found.stdout) == [None, None]
    assert completed.returncode == 0, completed.stderr
    assert "Gate       passed" in completed.stdout


@pytest.mark.parametrize("command", [["run", "--env", "dev"], ["compile"]], ids=" ".join)
def test_command_of_sagemaker_names_the_set_that_it_needs(
    command: list[str], project: Project, without_sagemaker: dict[str, str]
) -> None:
    completed = project.python(ISOLATED, "-m", "kedro", "sagemaker", *command, env=without_sagemaker)

    assert completed.returncode != 0
    (line,) = completed.stderr.splitlines()
    assert "the sagemaker set, which `make sagemaker` installs" in line


def test_project_loads_nothing_of_the_sagemaker_set_even_where_it_is_installed(project: Project) -> None:
    program = (
        "import json, sys\n"
        "import abalone.settings, abalone.hooks, abalone.cli, abalone.pipeline_registry\n"
        "abalone.pipeline_registry.register_pipelines()\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )

    completed = project.python("-c", program)

    loaded = json.loads(completed.stdout)
    assert "abalone" in loaded
    assert not {*OF_SAGEMAKER, "boto3", "botocore", "s3fs"} & set(loaded)
