"""From the candidates of the parameters to estimators that can be fitted."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sklearn.ensemble import VotingRegressor
from sklearn.pipeline import Pipeline

from abalone.errors import AbaloneError
from abalone.model.estimators import FAMILIES

Candidates = Mapping[str, Mapping[str, Any]]
"""For each name, either `estimator: <family>` with its hyper-parameters, or `average_of: [<names>]`."""

WHERE = "parameters training.candidates"
TUNED = "tuned_hyperparameters.yml"


def with_tuned(candidates: Candidates, tuned: Candidates | None) -> Candidates:
    """Override the hyper-parameters of candidates by those that `tuning` found.

    Raises:
        AbaloneError: If a candidate is no mapping, or one was tuned that the parameters do not have.
    """
    tuned = tuned or {}
    if not isinstance(tuned, Mapping) or not all(isinstance(values, Mapping) for values in tuned.values()):
        raise AbaloneError(
            f"{TUNED} is not a mapping from candidates to their hyper-parameters: delete it, or run tuning again"
        )
    if unknown := sorted(set(tuned) - set(candidates), key=str):
        raise AbaloneError(
            f"{TUNED} has values for {unknown}, which {WHERE} does not have ({', '.join(candidates)}): "
            "delete it, or run tuning again"
        )
    return {name: {**_spec(candidates, name), **tuned.get(name, {})} for name in candidates}


def members(candidates: Candidates, name: str) -> tuple[str, ...]:
    """Return the names that a candidate averages; its own name alone if it is no average.

    Raises:
        AbaloneError: If the candidate, or one that it averages, does not exist or is an average itself.
    """
    spec = _spec(candidates, name)
    if "average_of" not in spec:
        return (name,)
    listed = spec["average_of"]
    if set(spec) != {"average_of"} or not isinstance(listed, list | tuple) or not listed:
        raise AbaloneError(f"{WHERE}.{name}: give `average_of` a list of candidates, and no other key")
    for member in listed:
        if "average_of" in _spec(candidates, member):
            raise AbaloneError(f"{WHERE}.{name}.average_of: {member!r} is an average itself; list its members")
    return tuple(listed)


def build_estimator(candidates: Candidates, name: str, random_state: int) -> Pipeline | VotingRegressor:
    """Build the unfitted estimator of a candidate; it takes a table of raw measurements.

    Args:
        candidates: All candidates of the parameters.
        name: Which of them.
        random_state: Seed of every random choice in the estimator.

    Raises:
        AbaloneError: If the candidate is unknown, or one of its keys is; the message names the key.
    """
    names = members(candidates, name)
    if names == (name,):
        return _single(_spec(candidates, name), f"{WHERE}.{name}", random_state)
    return VotingRegressor([(member, build_estimator(candidates, member, random_state)) for member in names])


@contextmanager
def fitting(where: str) -> Iterator[None]:
    """Name the place of the hyper-parameters that an estimator refuses.

    Args:
        where: Where they stand.

    Raises:
        AbaloneError: If the block raises a ValueError or a TypeError, with which estimators refuse values.
    """
    try:
        yield
    except (ValueError, TypeError) as error:
        raise AbaloneError(f"{where} cannot be fitted: {error}") from error


def _spec(candidates: Candidates, name: str) -> Mapping[str, Any]:
    spec = candidates.get(name)
    if not isinstance(spec, Mapping):
        raise AbaloneError(f"{WHERE}.{name} is not a candidate; there are: {', '.join(candidates)}")
    return spec


def _single(spec: Mapping[str, Any], where: str, random_state: int) -> Pipeline:
    family = spec.get("estimator")
    if family not in FAMILIES:
        raise AbaloneError(f"{where}.estimator: {family!r} is unknown; choose one of {', '.join(FAMILIES)}")
    estimator = FAMILIES[family]()
    known = estimator.named_steps["model"].get_params()
    hyperparameters = {key: value for key, value in spec.items() if key != "estimator"}
    for key in hyperparameters:
        if key not in known:
            raise AbaloneError(f"{where}.{key}: {family} has no such hyper-parameter; it has: {', '.join(known)}")
    if "random_state" in known:
        hyperparameters.setdefault("random_state", random_state)
    return estimator.set_params(**{f"model__{key}": value for key, value in hyperparameters.items()})
