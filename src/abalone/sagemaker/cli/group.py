"""`kedro sagemaker`: loads its commands, and the SDK with them, only when one of them is asked for."""

import importlib
from typing import Any

import click

SET_MISSING = "kedro sagemaker needs the sagemaker set, which `make sagemaker` installs ({error})"


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_load())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return _load().get(cmd_name)


def _load() -> dict[str, click.Command]:
    try:
        commands: Any = importlib.import_module("abalone.sagemaker.cli.commands")
    except ImportError as error:
        if (error.name or "").startswith("abalone"):
            raise
        raise click.ClickException(SET_MISSING.format(error=error)) from error
    loaded: dict[str, click.Command] = commands.COMMANDS
    return loaded


EXAMPLES = """\b
kedro sagemaker init --env dev                        write bucket, role and images into conf/dev
kedro sagemaker compile --env dev --diff              what would change in the account
kedro sagemaker run --env dev --local                 rehearse the jobs on this machine
kedro sagemaker run --env dev --wait-for-completion   run them on SageMaker
kedro sagemaker update --env dev -p monitoring        store what a schedule starts
"""


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXAMPLES)
@click.option("-e", "--env", help="Kedro environment of all subcommands; KEDRO_ENV, else dev, by default.")
def sagemaker(env: str | None) -> None:
    """Run the pipelines as SageMaker jobs."""
