"""`abalone`: the command, and `python -m abalone.console` where it is not installed."""

import click

from abalone.console.doctor import doctor


@click.group(name="abalone")
def cli() -> None:
    """Commands for the delivery of abalone."""


cli.add_command(doctor)


def main() -> None:
    """Run the command that is named."""
    cli(prog_name="abalone")


if __name__ == "__main__":
    main()
