"""`python -m abalone` is `kedro run`, for where the project is installed as a package."""

from pathlib import Path

from kedro.framework.project import configure_project

from abalone.cli import run


def main() -> None:
    """Run the pipelines with the options of `kedro run`."""
    configure_project(Path(__file__).parent.name)
    run(prog_name="abalone", standalone_mode=True)


if __name__ == "__main__":
    main()
