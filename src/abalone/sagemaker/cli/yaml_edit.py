"""Sets values in the text of a YAML file and leaves the rest of it, comments too, as it is."""

from typing import Any

import yaml

from abalone.errors import AbaloneError


def get_value(text: str, key: str) -> Any:
    """Read a value.

    Args:
        text: Content of a YAML file.
        key: Such as "aws.bucket".

    Returns:
        The value; None when the file has no such key.
    """
    value = yaml.safe_load(text)
    for name in key.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def set_value(text: str, key: str, value: str) -> str:
    """Set a value, in the place of the one that is there, or in a new line.

    Args:
        text: Content of a YAML file.
        key: A name, or a section and a name in it, such as "aws.bucket".
        value: The new value.

    Returns:
        The new content.

    Raises:
        AbaloneError: The section is written in a way in which no line can be added.
    """
    if text and not text.endswith("\n"):
        text += "\n"
    section_name, _, name = key.rpartition(".")
    line = f"{name}: {_scalar(value)}\n"
    root = yaml.compose(text)
    section = _child(root, section_name) if section_name else root
    if section is None:
        return f"{text}{section_name}:\n  {line}" if section_name else text + line
    if not isinstance(section, yaml.MappingNode) or section.flow_style:
        raise AbaloneError(f"{section_name} is not a block of `name: value` lines: write {key} there by hand")
    old = _child(section, name)
    if old is not None:
        return text[: old.start_mark.index] + _scalar(value) + text[old.end_mark.index :]
    first = section.start_mark
    return text[: first.index] + line + " " * first.column + text[first.index :]


def _child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _scalar(value: str) -> str:
    dumped: str = yaml.safe_dump(value, width=10_000)
    return dumped.removesuffix("...\n").rstrip("\n")
