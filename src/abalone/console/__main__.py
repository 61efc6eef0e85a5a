"""`abalone`: the command, and `python -m abalone.console` where it is not installed."""

import click

from abalone.console.doctor import doctor
from abalone.console.models import models
from abalone.console.promotion import promote, rollback


@click.group(name="abalone")
def cli() -> None:
    """Commands for the models of abalone, and for their delivery."""


for command in (models, promote, rollback, doctor):
    cli.add_command(command)


def main() -> None:
    """Run the command that is named."""
    cli(prog_name="abalone")


if __name__ == "__main__":
    main()
