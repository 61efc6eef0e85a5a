import sys

import pytest
from click.testing import CliRunner

from abalone.cli import cli
from abalone.sagemaker.cli import group


@pytest.fixture
def without_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an environment that lacks kedro-sagemaker: what imports it is not loaded, and cannot be."""
    for module in [name for name in sys.modules if name.startswith(("abalone.sagemaker.", "kedro_sagemaker"))]:
        if module != group.__name__:
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "kedro_sagemaker", None)
    monkeypatch.setitem(sys.modules, "kedro_sagemaker.config", None)


@pytest.mark.parametrize("arguments", [["run"], ["compile", "--help"], ["anything"], ["--help"]])
@pytest.mark.usefixtures("without_plugin")
def test_without_the_set_every_command_is_one_line_that_says_what_to_install(arguments: list[str]) -> None:
    result = CliRunner().invoke(cli, ["sagemaker", *arguments])

    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert "`make sagemaker` installs" in result.output


def test_help_lists_the_commands_and_shows_how_to_use_them() -> None:
    result = CliRunner().invoke(cli, ["sagemaker", "--help"])

    assert result.exit_code == 0
    for text in ("compile", "init", "run", "--env", "kedro sagemaker run --env dev --local"):
        assert text in result.output


@pytest.mark.parametrize(
    ("command", "texts"),
    [
        ("compile", ["--diff", "--output-path", "--params", "kedro sagemaker compile --env prd --diff"]),
        ("run", ["--wait-for-completion", "--local", "--no-cache", "-r, --execution-role", "-i, --image", "-p, --pi"]),
        ("init", ["--bucket", "--role", "--image", "--serving-image", "kedro sagemaker init --env dev"]),
    ],
)
def test_help_of_a_command_tells_its_options_with_an_example(command: str, texts: list[str]) -> None:
    result = CliRunner().invoke(cli, ["sagemaker", command, "--help"])

    assert result.exit_code == 0
    assert [text for text in texts if text not in result.output] == []


def test_command_that_does_not_exist_is_told() -> None:
    result = CliRunner().invoke(cli, ["sagemaker", "entrypoint"])

    assert result.exit_code == 2
    assert "No such command 'entrypoint'" in result.output
