"""The model package that an execution came to, in a file; the executions end at once, and the registry is real."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from abalone.errors import AbaloneError
from abalone.sagemaker.cli import outcome_file
from abalone.sagemaker.cli.commands import COMMANDS
from support.project import REPOSITORY
from support.sagemaker_account import new_account
from support.sagemaker_executions import REFUSED, Executions, ending_executions


@pytest.fixture
def executions(monkeypatch: pytest.MonkeyPatch) -> Iterator[Executions]:
    monkeypatch.chdir(REPOSITORY)
    with new_account() as account, ending_executions(account) as executions:
        for name, value in executions.env.items():
            monkeypatch.setenv(name, value)
        yield executions


def run(*arguments: str) -> Result:
    return CliRunner().invoke(COMMANDS["run"], ["--env", "dev", *arguments])


def test_outcome_is_the_package_of_the_execution_and_again_of_one_that_registers_none(
    executions: Executions, tmp_path: Path
) -> None:
    first, again = tmp_path / "first.json", tmp_path / "again.json"

    results = [run("--wait-for-completion", "--outcome", str(path)) for path in (first, again)]

    assert [result.exit_code for result in results] == [0, 0], results[-1].output
    (package,) = executions.packages()
    (container,) = package["InferenceSpecification"]["Containers"]
    assert json.loads(first.read_text()) == {
        "model_package_arn": package["ModelPackageArn"],
        "model_data_url": container["ModelDataUrl"],
    }
    assert again.read_text() == first.read_text()


def test_refused_model_leaves_no_outcome_not_even_an_earlier_one(executions: Executions, tmp_path: Path) -> None:
    executions.passes = False
    path = tmp_path / "outcome.json"
    path.write_text("{}")

    result = run("--wait-for-completion", "--outcome", str(path))

    assert result.exit_code == 1
    assert REFUSED in result.output
    assert not path.exists()


@pytest.mark.usefixtures("executions")
def test_outcome_of_a_run_that_is_not_waited_for_is_refused(tmp_path: Path) -> None:
    result = run("--outcome", str(tmp_path / "outcome.json"))

    assert result.exit_code == 2
    assert "--outcome goes with --wait-for-completion or --local" in result.output


def test_outcome_of_a_pipeline_that_registers_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AbaloneError, match="registers no model that --outcome could name"):
        outcome_file.prepare(tmp_path / "outcome.json", {"landing_batches-version": "a1b2"})
