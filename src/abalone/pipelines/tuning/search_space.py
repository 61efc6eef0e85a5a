"""The search space of the parameters: which values a hyper-parameter may take."""

import math
from collections.abc import Mapping
from typing import Any

from abalone.errors import AbaloneError

SearchSpace = Mapping[str, Mapping[str, Any]]
"""For each hyper-parameter, `low` and `high` with an optional `log: true`, or `choices`."""


def check_search_space(space: SearchSpace, current: Mapping[str, Any] | None, where: str) -> None:
    """Check a search space before the first trial.

    Args:
        space: Hyper-parameters and their ranges.
        current: Hyper-parameters in use, with which the search starts; None if there are none.
        where: Where it stands in the parameters, for the message.

    Raises:
        AbaloneError: If a range is not one, or choices lack the value in use; the message names the key.
    """
    if not isinstance(space, Mapping):
        raise AbaloneError(f"parameters {where} = {space!r}: give hyper-parameters with their ranges")
    for name, values in space.items():
        if not isinstance(values, Mapping) or not (_is_choice(values) or _is_range(values)):
            raise AbaloneError(
                f"parameters {where}.{name}: give low and high in this order (and log: true for a positive range), "
                "or a list of choices"
            )
        if (
            "choices" in values
            and isinstance(current, Mapping)
            and name in current
            and current[name] not in values["choices"]
        ):
            raise AbaloneError(
                f"parameters {where}.{name}.choices: add {current[name]!r}, the value in use, where the search starts"
            )


def _is_choice(values: Mapping[str, Any]) -> bool:
    return set(values) == {"choices"} and isinstance(values["choices"], list | tuple) and len(values["choices"]) > 0


def _is_range(values: Mapping[str, Any]) -> bool:
    if not {"low", "high"} <= set(values) <= {"low", "high", "log"}:
        return False
    low, high, log = values["low"], values["high"], values.get("log", False)
    if not isinstance(log, bool) or not all(_is_finite_number(value) for value in (low, high)):
        return False
    return bool(low <= high and (low > 0 or not log))


def _is_finite_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def suggest(trial: Any, space: SearchSpace) -> dict[str, Any]:
    """Let an Optuna trial choose a value for each hyper-parameter; whole numbers where both bounds are."""
    return {name: _suggest_one(trial, name, values) for name, values in space.items()}


def _suggest_one(trial: Any, name: str, values: Mapping[str, Any]) -> Any:
    if "choices" in values:
        return trial.suggest_categorical(name, values["choices"])
    low, high, log = values["low"], values["high"], values.get("log", False)
    whole = isinstance(low, int) and isinstance(high, int)
    return (trial.suggest_int if whole else trial.suggest_float)(name, low, high, log=log)
