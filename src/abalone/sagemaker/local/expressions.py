"""References and functions of a definition, replaced by their values."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jmespath

from abalone.errors import AbaloneError
from abalone.sagemaker.local.faults import one_line

_TOKEN = re.compile(r"\.?(?P<name>[^.\[\]'\"]+)|\[(?P<quote>['\"])(?P<key>.*?)(?P=quote)\]|\[(?P<index>\d+)\]")


@dataclass(frozen=True)
class Result:
    """What a finished step leaves to the steps behind it.

    Attributes:
        properties: What the Describe call of its kind would answer.
        property_files: Content of its property files, by name.
        passed: Outcome of a condition; None for other kinds.
    """

    properties: Mapping[str, Any] = field(default_factory=dict)
    property_files: Mapping[str, Any] = field(default_factory=dict)
    passed: bool | None = None


@dataclass(frozen=True)
class Scope:
    """What references can refer to.

    Attributes:
        parameters: Parameters of the execution, by name.
        execution: Variables of the execution, by name, such as PipelineExecutionId.
        results: Results of the steps that are finished, by name.
    """

    parameters: Mapping[str, Any]
    execution: Mapping[str, str]
    results: Mapping[str, Result]


def resolve(value: Any, scope: Scope) -> Any:
    """Replace every `Get`, `Std:Join` and `Std:JsonGet`, however deep.

    Args:
        value: Any part of a definition.
        scope: What it can refer to.

    Raises:
        AbaloneError: A reference leads nowhere.
    """
    match value:
        case {"Get": str(reference)}:
            return _get(reference, scope)
        case {"Std:Join": {"On": on, "Values": values}}:
            return str(resolve(on, scope)).join(_text(resolve(part, scope)) for part in values)
        case {"Std:JsonGet": {"PropertyFile": {"Get": str(reference)}, "Path": path}}:
            return _read_property_file(reference, str(resolve(path, scope)), scope)
        case {"Std:JsonGet": other}:
            raise AbaloneError(f"Std:JsonGet {json.dumps(other)} names no property file by PropertyFile and Path")
        case Mapping():
            return {key: resolve(part, scope) for key, part in value.items()}
        case list():
            return [resolve(part, scope) for part in value]
        case _:
            return value


def references(value: Any) -> Iterator[str]:
    """Find what a part of a definition refers to.

    Args:
        value: Any part of a definition.

    Yields:
        The references, as in `Steps.training.ModelArtifacts.S3ModelArtifacts`.
    """
    match value:
        case {"Get": str(reference)}:
            yield reference
        case Mapping():
            for part in value.values():
                yield from references(part)
        case list():
            for part in value:
                yield from references(part)


def split_reference(reference: str) -> list[str | int]:
    """Split a reference into its names, keys and indices.

    Args:
        reference: As in `Steps.evaluation.ProcessingOutputConfig.Outputs['gate'].S3Output.S3Uri`.

    Raises:
        AbaloneError: It is not written as a reference.
    """
    tokens: list[str | int] = []
    end = 0
    while end < len(reference):
        match = _TOKEN.match(reference, end)
        if match is None:
            raise AbaloneError(f"the reference {reference!r} cannot be read at {reference[end:]!r}")
        index = match["index"]
        tokens.append(int(index) if index is not None else match["name"] or match["key"])
        end = match.end()
    return tokens


def _get(reference: str, scope: Scope) -> Any:
    match split_reference(reference):
        case ["Parameters", str(name)] if name in scope.parameters:
            return scope.parameters[name]
        case ["Execution", "CurrentDateTime"]:
            return datetime.now(UTC).isoformat()
        case ["Execution", str(name)] if name in scope.execution:
            return scope.execution[name]
        case ["Steps", str(step), *path] if step in scope.results and path:
            return _walk(scope.results[step].properties, path, reference)
        case _:
            raise AbaloneError(f"the reference {reference!r} names no parameter, execution variable or finished step")


def _walk(value: Any, path: Sequence[str | int], reference: str) -> Any:
    for token in path:
        try:
            value = _member(value, token)
        except (KeyError, IndexError, TypeError):
            known = f"; there is {', '.join(map(str, value))}" if isinstance(value, Mapping) else ""
            raise AbaloneError(f"the reference {reference!r} leads nowhere: there is no {token!r}{known}") from None
    return value


def _member(value: Any, token: str | int) -> Any:
    if isinstance(value, list) and isinstance(token, str):
        # Lists of a job's description are indexed by the name of the item: OutputName, InputName, ChannelName.
        named = {item[key]: item for item in value for key in item if key.endswith("Name")}
        return named[token]
    return value[token]


def _read_property_file(reference: str, path: str, scope: Scope) -> Any:
    match split_reference(reference):
        case ["Steps", str(step), "PropertyFiles", str(name)] if name in _files(scope, step):
            content = _files(scope, step)[name]
        case _:
            raise AbaloneError(f"the reference {reference!r} names no property file of a finished step")
    try:
        value = jmespath.search(path, content)
    except jmespath.exceptions.JMESPathError as error:
        told = one_line(str(error))
        raise AbaloneError(f"the path {path!r} into the property file {name} cannot be read: {told}") from None
    if value is None:
        raise AbaloneError(f"the property file {name} of {step} has nothing at {path!r}")
    return value


def _files(scope: Scope, step: str) -> Mapping[str, Any]:
    return scope.results[step].property_files if step in scope.results else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
