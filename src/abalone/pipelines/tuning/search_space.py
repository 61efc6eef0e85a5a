"""The search space of the parameters: which values a hyper-parameter may take."""

from collections.abc import Mapping
from typing import Any

from abalone.errors import AbaloneError

SearchSpace = Mapping[str, Mapping[str, Any]]
"""For each hyper-parameter, `low` and `high` with an optional `log: true`, or `choices`."""


def check_search_space(space: SearchSpace, where: str) -> None:
    """Check a search space before the first trial.

    Args:
        space: Hyper-parameters and their ranges.
        where: Where it stands in the parameters, for the message.

    Raises:
        AbaloneError: If a range is not one; the message names the key.
    """
    for name, values in space.items():
        if "choices" in values and set(values) == {"choices"} and values["choices"]:
            continue
        ordered = {"low", "high"} <= set(values) <= {"low", "high", "log"} and values["low"] <= values["high"]
        if not ordered or (values.get("log") and values["low"] <= 0):
            raise AbaloneError(
                f"parameters {where}.{name}: give low and high in this order (and log: true for a positive range), "
                "or a list of choices"
            )


def suggest(trial: Any, space: SearchSpace) -> dict[str, Any]:
    """Let an Optuna trial choose a value for each hyper-parameter; whole numbers where both bounds are."""
    return {name: _suggest_one(trial, name, values) for name, values in space.items()}


def _suggest_one(trial: Any, name: str, values: Mapping[str, Any]) -> Any:
    if "choices" in values:
        return trial.suggest_categorical(name, values["choices"])
    low, high, log = values["low"], values["high"], values.get("log", False)
    whole = isinstance(low, int) and isinstance(high, int)
    return (trial.suggest_int if whole else trial.suggest_float)(name, low, high, log=log)
