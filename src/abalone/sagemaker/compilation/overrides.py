"""Parameters of one execution, beside those of the pipeline."""

from collections.abc import Mapping
from typing import Any


def overrides(kept: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, str] | None:
    """Say how an execution of one definition becomes an execution of another.

    Args:
        kept: The definition that the account keeps.
        wanted: The same with other parameters.

    Returns:
        Values of pipeline parameters, by name; None where the definitions differ in more than defaults, as they do
        when a parameter that travels in a file, or the name of one, is another.
    """
    if _without_defaults(kept) != _without_defaults(wanted):
        return None
    defaults = {parameter["Name"]: parameter.get("DefaultValue") for parameter in kept["Parameters"]}
    return {
        parameter["Name"]: parameter["DefaultValue"]
        for parameter in wanted["Parameters"]
        if parameter.get("DefaultValue") != defaults[parameter["Name"]]
    }


def _without_defaults(definition: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [{**parameter, "DefaultValue": None} for parameter in definition["Parameters"]]
    return {**definition, "Parameters": parameters}
