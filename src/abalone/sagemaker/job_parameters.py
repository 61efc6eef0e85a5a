"""How the parameters of a run reach a job: each as a variable `name=value`, and those that are too large by a file."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kedro.pipeline import Pipeline

from abalone.errors import AbaloneError

PARAMETER = "KEDRO_PARAMETER_"
"""Prefix of the variables that hold one parameter each, as `name=value`."""

PARAMETERS_FILE = "KEDRO_PARAMETERS_FILE"
"""The variable that names the file, on S3, with the parameters that no variable can hold."""

Leaves = dict[str, Any]
"""Parameters by dotted name: no value is a mapping, but for an empty one."""


def flatten(parameters: Mapping[str, Any], prefix: str = "") -> Leaves:
    """Flatten nested parameters.

    Args:
        parameters: As Kedro holds them.
        prefix: Dotted name of the parameter that they are the value of.
    """
    leaves: Leaves = {}
    for name, value in parameters.items():
        path = f"{prefix}.{name}" if prefix else str(name)
        if isinstance(value, Mapping) and value:
            leaves |= flatten(value, path)
        else:
            leaves[path] = value
    return leaves


def nest(leaves: Mapping[str, Any]) -> dict[str, Any]:
    """Undo `flatten`."""
    nested: dict[str, Any] = {}
    for path, value in leaves.items():
        *sections, name = path.split(".")
        section = nested
        for part in sections:
            section = section.setdefault(part, {})
        section[name] = value
    return nested


def used_by(pipeline: Pipeline, leaves: Leaves) -> Leaves:
    """Choose the parameters that the nodes of a pipeline read.

    Args:
        pipeline: The pipeline.
        leaves: All parameters.
    """
    names = [name.removeprefix("params:") for name in pipeline.inputs() if name.startswith("params:")]
    everything = "parameters" in pipeline.inputs()
    return {
        path: value
        for path, value in leaves.items()
        if everything or any(path == name or path.startswith(f"{name}.") for name in names)
    }


def encode(value: Any) -> str:
    """Write a parameter's value as text: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def decode(name: str, text: str, configured: Any) -> Any:
    """Read a parameter's value from text.

    Args:
        name: Its dotted name, for messages.
        text: What `encode` wrote, or what a person gave for an execution.
        configured: Its value in `conf/`: where that is text, so is the result.

    Raises:
        AbaloneError: The text is not JSON, where `conf/` has no text.
    """
    if isinstance(configured, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise AbaloneError(
            f"parameter {name} = {text!r} of this execution is not a value in JSON, as {encode(configured)} is"
        ) from None


def write_file(leaves: Leaves) -> tuple[str, bytes]:
    """Write parameters as a file whose name is the digest of its content."""
    content = json.dumps(leaves, indent=2, sort_keys=True).encode()
    return f"{hashlib.sha256(content).hexdigest()}.json", content


def read_environment(environment: Mapping[str, str], configured: Leaves) -> Leaves:
    """Read the parameters that the variables of a job hold.

    Args:
        environment: The job's variables.
        configured: The parameters in `conf/`.

    Raises:
        AbaloneError: A variable holds no parameter of `conf/`, or no value of its kind.
    """
    leaves = {}
    for name, text in _assignments(environment):
        if name not in configured:
            raise AbaloneError(
                f"the job was given parameter {name}, which conf/ in its image lacks: "
                "compile with the conf/ of the image"
            )
        leaves[name] = decode(name, text, configured[name])
    return leaves


def check_same_names(given: Iterable[str], configured: Iterable[str]) -> None:
    """Check that a job was given all of the parameters that it will read, as merging leaves what is in `conf/`.

    Raises:
        AbaloneError: A parameter of `conf/` was not given.
    """
    if missing := sorted(set(configured) - set(given)):
        raise AbaloneError(
            f"conf/ in the job's image has parameters that the compiled pipeline lacks ({', '.join(missing)}): "
            "compile with the conf/ of the image"
        )


def _assignments(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for variable, assignment in sorted(environment.items()):
        if variable.startswith(PARAMETER):
            name, _, text = assignment.partition("=")
            yield name, text
