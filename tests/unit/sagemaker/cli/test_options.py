from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from abalone.sagemaker.cli import options


@click.command()
@options.env
@options.parameters
def show(env: str, parameters: dict[str, Any]) -> None:
    click.echo(f"{env} {parameters}")


@click.group()
@click.option("--env")
def group(env: str | None) -> None: ...


group.add_command(show)


def run(*arguments: str, **env: str) -> Result:
    return CliRunner().invoke(group, arguments, env={"KEDRO_ENV": None, **env})


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("training.random_state=1", {"training": {"random_state": 1}}),
        ("a.b=1.5,a.c=yes,d=text", {"a": {"b": 1.5, "c": True}, "d": "text"}),
        ('{"training": {"random_state": 1}}', {"training": {"random_state": 1}}),
        ("", {}),
    ],
)
def test_parameters_are_read_as_kedro_run_reads_them_or_as_json(text: str, parameters: dict[str, Any]) -> None:
    assert run("show", "--params", text).output == f"dev {parameters}\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("training", "must contain a key and a value separated by `=`"),
        ("=1", "cannot be an empty string"),
        ('{"training": 1', "this is no JSON"),
        ("a=[1", "is not key=value"),
    ],
)
def test_parameters_that_cannot_be_read_are_a_usage_error(text: str, fault: str) -> None:
    result = run("show", "--params", text)

    assert result.exit_code == 2
    assert fault in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("arguments", "variable", "env"),
    [
        (["show"], None, "dev"),
        (["show"], "prd", "prd"),
        (["--env", "base", "show"], "prd", "base"),
        (["--env", "base", "show", "--env", "prd"], "dev", "prd"),
    ],
)
def test_environment_is_the_commands_then_the_groups_then_kedros_then_dev(
    arguments: list[str], variable: str | None, env: str
) -> None:
    assert run(*arguments, KEDRO_ENV=variable or "").output == f"{env} {{}}\n"
