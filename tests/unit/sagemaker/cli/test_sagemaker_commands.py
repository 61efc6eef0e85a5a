import json
import os
import pty
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from abalone.sagemaker.cli.commands import COMMANDS
from support.project import REPOSITORY, Project
from support.sagemaker_account import ROLE, Account, new_account

NAME = "abalone-dev"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """An account that is named in the environment; the project's folder is the current one."""
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.delenv("ABALONE_DATA", raising=False)
    with new_account() as aws:
        for name, value in aws.env.items():
            monkeypatch.setenv(name, value)
        yield aws


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(COMMANDS[arguments[0]], [*arguments[1:]])


@pytest.mark.usefixtures("account")
def test_compile_writes_the_definition_and_lists_its_steps(tmp_path: Path) -> None:
    file = tmp_path / "pipeline.json"

    result = invoke("compile", "--env", "dev", "--output-path", str(file))

    assert result.exit_code == 0, result.output
    steps = {step["Name"] for step in json.loads(file.read_text())["Steps"]}
    assert {"ingestion", "feature_engineering", "training", "evaluation"} <= steps
    assert re.search(r"training +Training +ml\.m5\.xlarge, spot", result.output)
    assert f"{NAME} is written to {file}" in result.output


@pytest.mark.usefixtures("account")
def test_compile_to_standard_output_writes_the_definition_alone() -> None:
    result = invoke("compile", "--output-path", "-", "--diff")

    assert json.loads(result.stdout)["Steps"]
    assert "ml.m5.large" in result.stderr
    assert "no pipeline abalone-dev yet" in result.stderr


def test_update_stores_the_pipeline_and_starts_nothing(account: Account) -> None:
    result = invoke("update", "--env", "dev", "--pipeline", "monitoring")

    assert result.exit_code == 0, result.output
    assert "abalone-dev-monitoring is stored in the account" in result.output
    name = {"PipelineName": "abalone-dev-monitoring"}
    stored = json.loads(account.sagemaker.describe_pipeline(**name)["PipelineDefinition"])
    assert [step["Name"] for step in stored["Steps"]] == ["monitoring"]
    assert account.sagemaker.list_pipeline_executions(**name)["PipelineExecutionSummaries"] == []


def test_run_stores_and_starts_what_compile_shows_no_difference_to_afterwards(account: Account, tmp_path: Path) -> None:
    result = invoke("run", "--env", "dev")

    assert result.exit_code == 0, result.output
    (execution,) = account.sagemaker.list_pipeline_executions(PipelineName=NAME)["PipelineExecutionSummaries"]
    assert execution["PipelineExecutionArn"] in result.output
    after = invoke("compile", "--env", "dev", "--diff", "--output-path", str(tmp_path / "pipeline.json"))
    assert "No change" in after.output


@pytest.mark.usefixtures("account")
def test_parameters_are_checked_as_kedro_run_checks_them() -> None:
    result = invoke("compile", "--params", "training.random_sate=1", "--output-path", "-")

    assert result.exit_code == 1
    assert "training.random_sate" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_run_takes_parameters_image_role_and_no_cache(account: Account) -> None:
    image, role = "abalone@sha256:" + 64 * "1", ROLE + "-of-another"

    result = invoke(
        "run", "--no-cache", "--params", "training.random_state=7", "--image", image, "--execution-role", role
    )

    assert result.exit_code == 0, result.output
    described = account.sagemaker.describe_pipeline(PipelineName=NAME)
    definition = json.loads(described["PipelineDefinition"])
    defaults = {parameter["Name"]: parameter.get("DefaultValue") for parameter in definition["Parameters"]}
    (execution,) = account.sagemaker.list_pipeline_executions(PipelineName=NAME)["PipelineExecutionSummaries"]
    told = account.sagemaker.list_pipeline_parameters_for_execution(
        PipelineExecutionArn=execution["PipelineExecutionArn"]
    )["PipelineParameters"]
    assert {"Name": "training-random_state", "Value": "7"} in told
    assert defaults["training-random_state"] == "0"
    assert image in described["PipelineDefinition"]
    assert described["RoleArn"] == role
    assert [step["Name"] for step in definition["Steps"] if step.get("CacheConfig", {}).get("Enabled")] == []


def test_parameters_that_no_execution_can_take_become_those_of_the_pipeline(account: Account) -> None:
    result = invoke("run", "--params", '{"training": {"candidates": {"another": {"estimator": "mean"}}}}')

    assert result.exit_code == 0, result.output
    assert "change the pipeline itself" in result.output
    definition = account.sagemaker.describe_pipeline(PipelineName=NAME)["PipelineDefinition"]
    assert "/parameters/" in definition


@pytest.mark.parametrize(("arguments", "answer", "started"), [([], "n\n", 0), ([], "y\n", 1), (["--yes"], "", 1)])
def test_run_in_production_is_asked_for_on_a_terminal(
    account: Account, monkeypatch: pytest.MonkeyPatch, arguments: list[str], answer: str, started: int
) -> None:
    keyboard, terminal = pty.openpty()
    os.write(keyboard, answer.encode())
    with open(terminal, encoding="utf-8") as stdin:  # noqa: PTH123 - a descriptor has no path
        monkeypatch.setattr("sys.stdin", stdin)

        with pytest.raises(SystemExit):
            COMMANDS["run"].main(["--env", "prd", *arguments])

    pipelines = account.sagemaker.list_pipelines()["PipelineSummaries"]
    assert len(pipelines) == started


@pytest.mark.parametrize(
    ("command", "variable", "value", "remedy"),
    [
        ("compile --diff --output-path -", "AWS_ENDPOINT_URL", "http://127.0.0.1:9", "check the network and AWS_END"),
        ("run", "AWS_ENDPOINT_URL", "http://127.0.0.1:9", "check the network and AWS_ENDPOINT_URL"),
        ("compile --output-path -", "AWS_ENDPOINT_URL", "nonsense", "check AWS_ENDPOINT_URL"),
        ("run", "AWS_DEFAULT_REGION", None, "export AWS_DEFAULT_REGION=<region>"),
        ("run", "AWS_PROFILE", "unknown", "check AWS_PROFILE"),
    ],
)
@pytest.mark.usefixtures("account")
def test_account_that_cannot_be_reached_is_one_line_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, command: str, variable: str, value: str | None, remedy: str
) -> None:
    if value is None:
        monkeypatch.delenv(variable)
    else:
        monkeypatch.setenv(variable, value)

    result = invoke(*command.split())

    assert result.exit_code == 1, result.output
    assert remedy in result.stderr.splitlines()[-1]
    assert result.stderr.splitlines()[-1].startswith("Error: ")


@pytest.mark.usefixtures("account")
def test_rehearsal_in_the_account_itself_is_refused_before_anything_is_compiled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")

    # compiling would stop at the parameter
    result = invoke("run", "--local", "--scratch", str(tmp_path), "--params", "training.random_sate=1")

    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: --local would write into the AWS account itself")
    assert "`make rehearsal`" in line


def test_our_commands_are_the_ones_in_force_and_the_sdk_is_silent(project: Project) -> None:
    result = project.kedro("sagemaker", "compile", "--help")

    assert result.returncode == 0
    assert "--diff" in result.stdout
    assert "sagemaker.config" not in result.stdout + result.stderr
    assert "V2" not in result.stderr
