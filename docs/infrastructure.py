"""What the scripts that describe the infrastructure read of its Terraform code."""

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2

from abalone.pipeline_registry import register_pipelines

REPOSITORY = Path(__file__).parents[1]
TERRAFORM = REPOSITORY / "infra" / "terraform"
VALUES = hcl2.SerializationOptions(
    with_comments=False, explicit_blocks=False, preserve_heredocs=False, strip_string_quotes=True
)


def modules() -> set[str]:
    """Return the names of the modules, one for each service."""
    return {path.parent.name for path in TERRAFORM.glob("modules/*/main.tf")}


def stages() -> list[str]:
    """Return the names of the stages of the delivery pipeline, in their order."""
    return re.findall(r"""\bname\b\W+(\w+)""", str(_delivery()["stages"]))


def actions() -> dict[str, str]:
    """Return the actions of the delivery pipeline, as the code calls each and as people see it."""
    return {key: value["name"] for key, value in _delivery().items() if isinstance(value, dict) and "category" in value}


def pipelines() -> list[str]:
    """Return the names of Kedro's pipelines that run as jobs of SageMaker."""
    return sorted({node.namespace for node in register_pipelines()["__default__"].nodes})


def settings(environment: str) -> dict[str, Any]:
    """Return what an environment gives to the stack, over the defaults of the stack and of its objects' attributes.

    Args:
        environment: Name of the environment.
    """
    (given,) = (block["abalone"] for block in _blocks(f"environments/{environment}", "module"))
    found = {}
    for block in _blocks("stack", "variable"):
        for name, variable in block.items():
            value = given.get(name, variable.get("default"))
            optional = re.findall(r"(\w+) *= *optional\(\w+, ([^)]+)\)", variable["type"])
            defaults = {attribute: json.loads(default) for attribute, default in optional}
            found[name] = defaults | value if isinstance(value, dict) else value
    return found


def _delivery() -> dict[str, Any]:
    return {name: value for block in _blocks("modules/codepipeline", "locals") for name, value in block.items()}


def _blocks(directory: str, kind: str) -> Iterator[dict[str, Any]]:
    for file in sorted((TERRAFORM / directory).glob("*.tf")):
        yield from _parsed(file).get(kind, [])


@functools.cache
def _parsed(file: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = hcl2.loads(file.read_text(encoding="utf-8"), serialization_options=VALUES)
    return parsed
