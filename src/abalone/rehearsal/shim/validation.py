"""Requests and answers held against botocore's model of their service."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from botocore.model import Shape
from botocore.validate import ParamValidator

from abalone.rehearsal.shim.records import Document


def faults_of_request(parameters: Document, shape: Shape | None) -> list[str]:
    """Return what a request has that AWS refuses: unknown, missing and wrong members, strings and lengths."""
    return _faults_of_members(parameters, shape) or list(_refused_strings(parameters, shape, "request"))


def faults_of_answer(result: Document, shape: Shape | None) -> list[str]:
    """Return what an answer has that AWS's never has; emulators leave strings and lists empty where AWS cannot."""
    return [fault for fault in _faults_of_members(result, shape) if not fault.startswith("Invalid length")]


def _faults_of_members(value: Document, shape: Shape | None) -> list[str]:
    if shape is None:
        return ["nothing is expected"] if value else []
    return str(ParamValidator().validate(value, shape).generate_report()).splitlines()


def _refused_strings(value: Any, shape: Shape | None, place: str) -> Iterator[str]:
    # botocore leaves these to AWS.
    if shape is None:
        return
    if shape.type_name == "structure":
        for name, member in value.items():
            yield from _refused_strings(member, shape.members[name], f"{place}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from _refused_strings(item, shape.member, f"{place}[{index}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _refused_strings(key, shape.key, place)
            yield from _refused_strings(item, shape.value, f"{place}.{key}")
    elif shape.type_name == "string":
        rules = shape.metadata
        if shape.enum and value not in shape.enum:
            yield f"{place} is {value!r}, which is none of {', '.join(shape.enum)}"
        if len(value) > rules.get("max", len(value)):
            yield f"{place} is longer than {rules['max']}"
        pattern = _compiled(rules.get("pattern", ""))
        if pattern and not pattern.search(value):
            yield f"{place} is {value!r}, which does not match {pattern.pattern}"


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(f"^(?:{pattern})$") if pattern else None
    except re.error:
        # A few patterns use Java's classes, which Python has no words for.
        return None
