"""`python -m abalone.rehearsal.codebuild BUILDSPEC`: runs a buildspec of CodeBuild on this machine."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.rehearsal.codebuild.build import Build, run_build
from abalone.rehearsal.codebuild.buildspec import load_buildspec
from abalone.rehearsal.codebuild.parameters import read_parameters
from abalone.rehearsal.command import exit_on_signals

INTERRUPTED = 130
OPTIONS = (
    ("--env", "VALUE", "a variable of the project"),
    ("--parameter", "PATH", "a variable of the project that is a parameter of Systems Manager"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a build and print what it came to.

    Args:
        arguments: Of the command line.

    Returns:
        The exit code: 0 only for a build that succeeded.
    """
    parser = argparse.ArgumentParser(prog="python -m abalone.rehearsal.codebuild", description=__doc__)
    parser.add_argument("buildspec", type=Path, help="such as delivery/buildspec/verify.yml")
    parser.add_argument("--source", type=Path, default=Path(), help="folder that is built; the current one by default")
    parser.add_argument("--output", type=Path, help="folder of the artifacts; a new one by default")
    for name, value, help_text in OPTIONS:
        parser.add_argument(
            name, metavar=f"NAME={value}", type=_pair, action="append", default=[], help=f"{help_text}; may be repeated"
        )
    options = parser.parse_args(arguments)
    exit_on_signals()
    try:
        if not options.source.is_dir():
            raise AbaloneError(f"{options.source} is no folder: name the one that is built with --source")
        buildspec = load_buildspec(options.buildspec)
        output = (options.output or Path(tempfile.mkdtemp(prefix="codebuild-"))).resolve()
        variables = read_parameters(buildspec.env.parameter_store | dict(options.parameter)) | dict(options.env)
        build = run_build(buildspec, options.source.resolve(), output, variables, _print)
    except AbaloneError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    _tell(build)
    return 0 if build.succeeded else 1


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _tell(build: Build) -> None:
    """Print the outcome; as JSON at the end, so that a program can read it."""
    outcome = {
        "status": "SUCCEEDED" if build.succeeded else "FAILED",
        "phases": {phase.name: round(phase.seconds, 1) for phase in build.phases},
        "exported": build.exported,
        "reports": build.reports,
        "artifacts": {name: str(path) for name, path in build.artifacts.items()},
    }
    _print(json.dumps(outcome, indent=2))


if __name__ == "__main__":
    sys.exit(main())
