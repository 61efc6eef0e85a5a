import errno
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner, Result

from abalone.cli import clear_errors
from abalone.errors import AbaloneError


def invoke(error: BaseException | None) -> Result:
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


@pytest.mark.parametrize(("error", "code"), [(click.exceptions.Exit(3), 3), (click.Abort(), 1)])
def test_end_that_click_knows_is_left_to_click(error: Exception, code: int) -> None:
    result = invoke(error)

    assert result.exit_code == code
    assert not result.output.startswith("Error")


def test_reader_that_goes_away_is_no_fault_to_tell() -> None:
    assert "Error" not in invoke(BrokenPipeError(errno.EPIPE, "Broken pipe")).output


def test_interruption_ends_in_one_line_and_the_exit_code_of_a_shell() -> None:
    result = invoke(KeyboardInterrupt())

    assert result.exit_code == 130
    assert result.output == "Interrupted\n"


def test_usage_error_of_click_keeps_its_exit_code() -> None:
    assert invoke(click.UsageError("no such option")).exit_code == 2


@pytest.mark.parametrize("command", [click.Group("empty")])
def test_group_without_a_callback_is_returned_as_it_is(command: click.Group) -> None:
    assert clear_errors(command).name == "empty"


def test_loading_the_commands_imports_nothing_of_aws() -> None:
    code = (
        "import abalone.cli, sys; print(sorted({'boto3', 'botocore', 'sagemaker', 'kedro_sagemaker'} & {*sys.modules}))"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"
