"""Parameters of an execution."""

from collections.abc import Mapping
from typing import Any

from abalone.errors import AbaloneError

Scalar = str | int | float | bool

_TYPES: Mapping[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
}


def parameters_of(definition: Mapping[str, Any], given: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Overlay the defaults of a definition with the values that an execution is given.

    Args:
        definition: A compiled pipeline.
        given: Values by name.

    Raises:
        AbaloneError: A name is unknown, a parameter without a default is not given, or a value is of another type.
    """
    declared = {parameter["Name"]: parameter for parameter in definition.get("Parameters", [])}
    if unknown := sorted(given.keys() - declared.keys()):
        raise AbaloneError(
            f"the pipeline has no parameter {', '.join(unknown)}: choose from {', '.join(sorted(declared)) or 'none'}"
        )
    return {name: _value(parameter, given) for name, parameter in declared.items()}


def _value(parameter: Mapping[str, Any], given: Mapping[str, Scalar]) -> Scalar:
    name, kind = parameter["Name"], parameter["Type"]
    value: Scalar | None = given.get(name, parameter.get("DefaultValue"))
    if value is None:
        raise AbaloneError(f"the pipeline's parameter {name} has no default: give it a value of type {kind}")
    # to Python true is an integer
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "Boolean"):
        raise AbaloneError(f"the pipeline's parameter {name} = {value!r} is no {kind}: give it a value of that type")
    allowed = parameter.get("EnumValues")
    if allowed and value not in allowed:
        raise AbaloneError(f"the pipeline's parameter {name} = {value!r}: choose one of {', '.join(allowed)}")
    return value
