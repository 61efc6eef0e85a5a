import click
import pytest
from click.testing import CliRunner, Result

from abalone.cli import clear_errors
from abalone.errors import AbaloneError


def invoke(error: Exception | None) -> Result:
    @click.command()
    def command() -> None:
        if error is not None:
            raise error

    return CliRunner().invoke(clear_errors(command))


def test_command_that_succeeds_is_left_alone() -> None:
    assert invoke(None).exit_code == 0


def test_fault_of_the_user_is_one_line_and_exit_code_one() -> None:
    result = invoke(AbaloneError("no batch in the landing zone"))

    assert result.exit_code == 1
    assert result.output == "Error: no batch in the landing zone\n"


def test_fault_of_the_program_is_raised() -> None:
    result = invoke(ZeroDivisionError("division by zero"))

    assert isinstance(result.exception, ZeroDivisionError)


def test_usage_error_of_click_keeps_its_exit_code() -> None:
    assert invoke(click.UsageError("no such option")).exit_code == 2


@pytest.mark.parametrize("command", [click.Group("empty")])
def test_group_without_a_callback_is_returned_as_it_is(command: click.Group) -> None:
    assert clear_errors(command).name == "empty"
