"""The options that the commands of `kedro sagemaker` share."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import click
from kedro.framework.cli.utils import _split_params
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from abalone.errors import AbaloneError

DEFAULT_ENV = "dev"


class _Asked(click.Option):
    """An option that is asked for on a terminal, and missed in one line where nobody can answer."""

    def prompt_for_value(self, ctx: click.Context) -> Any:
        try:
            return super().prompt_for_value(ctx)
        except click.Abort:
            if sys.stdin.isatty():
                raise
            click.echo(err=True)
            raise click.MissingParameter(ctx=ctx, param=self) from None


def parse_parameters(context: click.Context, option: click.Parameter, value: str | None) -> dict[str, Any]:
    """Read `--params`: a JSON object, or `key=value,other.key=value` as `kedro run` takes it.

    Args:
        context: Click's.
        option: The option, for messages.
        value: As typed.

    Returns:
        The parameters, nested.

    Raises:
        click.BadParameter: It is neither.
    """
    text = (value or "").strip()
    try:
        parameters = json.loads(text) if text.startswith("{") else _split_params(context, option, text)
    except json.JSONDecodeError as error:
        raise click.BadParameter(f"this is no JSON: {error}", context, option) from error
    except (OmegaConfBaseException, YAMLError) as error:
        told = " ".join(str(error).split())
        raise click.BadParameter(f"{text!r} is not key=value,other.key=value: {told}", context, option) from error
    return dict(parameters)


def choose_env(context: click.Context, _option: click.Parameter, value: str | None) -> str:
    """Choose the environment: the command's option, else the group's, else KEDRO_ENV, else dev.

    Args:
        context: Click's.
        value: As typed after the command.
    """
    of_group = context.parent.params.get("env") if context.parent else None
    return value or of_group or os.environ.get("KEDRO_ENV") or DEFAULT_ENV


env = click.option("-e", "--env", callback=choose_env, help="Kedro environment; KEDRO_ENV, else dev, by default.")
parameters = click.option(
    "--params",
    "parameters",
    callback=parse_parameters,
    help="Parameters in the place of those of conf/: training.random_state=1,evaluation.gate.confidence=0.9, or JSON.",
)
pipeline = click.option("-p", "--pipeline", default="__default__", show_default=True, help="The Kedro pipeline.")
image = click.option("-i", "--image", help="Image of the jobs, in the place of docker.image of sagemaker.yml.")
role = click.option(
    "-r", "--execution-role", "role", help="ARN of the role of the jobs, in the place of aws.execution_role."
)


def asked(name: str, what: str, check: Callable[[str], None], *other_names: str) -> Callable[..., Any]:
    """Make an option that is asked for, again and again while its value is refused.

    Args:
        name: Such as "--bucket".
        what: It is, for the prompt and the help.
        check: Refuses a value with an AbaloneError.
        other_names: Of the option.
    """

    def checked(context: click.Context, option: click.Parameter, value: str) -> str:
        try:
            check(value)
        except AbaloneError as error:
            raise click.BadParameter(str(error), context, option) from error
        return value

    target = name.removeprefix("--").replace("-", "_")
    return click.option(name, *other_names, target, cls=_Asked, prompt=what, help=f"{what}.", callback=checked)


def compiling(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what is compiled."""
    for option in (role, image, parameters, pipeline, env):
        command = option(command)
    return command
