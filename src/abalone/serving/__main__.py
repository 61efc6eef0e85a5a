"""The command line of the service."""

import argparse
import os
import re
import sys
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_settings import SettingsError

from abalone.errors import AbaloneError
from abalone.serving import logs
from abalone.serving.server import serve
from abalone.serving.settings import PREFIX, Settings

_CLOSE = 0.9
"""Of difflib: names that differ by a letter or two."""

_OPTIONS = ("model", "host", "port", "workers")


def main() -> None:
    """Serve, with settings from the environment and the command line."""
    arguments = _parser().parse_args()
    given = {name: value for name in _OPTIONS if (value := getattr(arguments, name)) is not None}
    # The workers read their settings from the environment, too.
    os.environ |= {PREFIX + name.upper(): value for name, value in given.items()}
    try:
        _refuse_typing_errors()
        settings = Settings()
        logs.configure(settings.log_level)
        serve(settings)
    except ValidationError as error:
        sys.exit(
            "\n".join(f"{_variable(each['loc'])}: {each['msg']}, not {each['input']!r}" for each in error.errors())
        )
    except SettingsError as error:
        sys.exit(f"{_named_field(error)}: this is no JSON, which a list is given as")
    except AbaloneError as error:
        sys.exit(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m abalone.serving",
        description="Answer predictions over HTTP: /ping and /invocations as SageMaker asks for, and a page at /.",
        epilog="Everything can be set in the environment:\n\n" + "\n".join(map(_described, Settings.model_fields)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", choices=["serve"], default="serve", help="what SageMaker calls it")
    for name in _OPTIONS:
        parser.add_argument(f"--{name}", help=Settings.model_fields[name].description)
    return parser


def _named_field(error: SettingsError) -> str:
    # Its message alone says which field it is.
    found = re.search(r'field "(\w+)"', str(error))
    return PREFIX + found[1].upper() if found else str(error)


def _refuse_typing_errors() -> None:
    # Only what looks like a setting: other parts of the project have variables that begin like these.
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known and (close := get_close_matches(name, known, 1, _CLOSE)):
            raise AbaloneError(f"{name} is no setting: {close[0]} is one")


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return PREFIX + name.upper() if name in Settings.model_fields else name


def _described(name: str) -> str:
    field = Settings.model_fields[name]
    default = "" if field.default is None else f" [{field.default}]"
    return f"  {PREFIX}{name.upper()}{default}\n      {field.description}"


if __name__ == "__main__":
    main()
