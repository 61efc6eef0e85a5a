"""Conditions of a definition."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from abalone.errors import AbaloneError
from abalone.sagemaker.local.expressions import Scope, resolve

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}


def holds(condition: Mapping[str, Any], scope: Scope) -> bool:
    """Decide a condition.

    Args:
        condition: As the definition has it.
        scope: What it can refer to.

    Raises:
        AbaloneError: Its type is unknown, a reference leads nowhere, or the two sides cannot be compared.
    """
    match condition:
        case {"Type": "Equals", "LeftValue": left, "RightValue": right}:
            return _equal(resolve(left, scope), resolve(right, scope))
        case {"Type": str(name), "LeftValue": left, "RightValue": right} if name in _COMPARISONS:
            return _compare(name, resolve(left, scope), resolve(right, scope))
        case {"Type": "In", "QueryValue": query, "Values": values}:
            wanted = resolve(query, scope)
            return any(_equal(wanted, resolve(value, scope)) for value in values)
        case {"Type": "Not", "Condition": inner}:
            return not holds(inner, scope)
        case {"Type": "Or", "Conditions": parts}:
            return any(holds(part, scope) for part in parts)
        case {"Type": "And", "Conditions": parts}:
            return all(holds(part, scope) for part in parts)
        case _:
            raise AbaloneError(f"a condition of type {condition.get('Type')!r} with {sorted(condition)} is unknown")


def _equal(left: Any, right: Any) -> bool:
    # to Python true is 1, to the service it is not
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _compare(name: str, left: Any, right: Any) -> bool:
    try:
        return _COMPARISONS[name](left, right)
    except TypeError:
        raise AbaloneError(f"{name} cannot compare {left!r} with {right!r}") from None
