"""The steps of a definition, and which of them wait for which."""

import graphlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from abalone.errors import AbaloneError
from abalone.sagemaker.local.durations import duration
from abalone.sagemaker.local.expressions import references, split_reference

_SPECIFICATIONS = {"Processing": "AppSpecification", "Training": "AlgorithmSpecification"}
_KINDS = (*_SPECIFICATIONS, "Condition", "RegisterModel", "Fail")


@dataclass(frozen=True)
class Step:
    """A step of a definition.

    Attributes:
        definition: As the definition has it.
        condition: The condition that it is a branch of, and the outcome that leads to it; None if there is none.
        needs: Names of the steps that must be finished before it starts.
    """

    definition: Mapping[str, Any]
    condition: tuple[str, bool] | None
    needs: frozenset[str]

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.definition["Name"])

    @property
    def kind(self) -> str:
        """Its type, as the definition says it."""
        return str(self.definition["Type"])

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Its arguments, unresolved."""
        arguments: Mapping[str, Any] = self.definition["Arguments"]
        return arguments

    @property
    def retry_policies(self) -> Sequence[Mapping[str, Any]]:
        """When it is tried again."""
        policies: Sequence[Mapping[str, Any]] = self.definition.get("RetryPolicies", [])
        return policies

    @property
    def property_files(self) -> Sequence[Mapping[str, str]]:
        """Those of its outputs that later steps read."""
        files: Sequence[Mapping[str, str]] = self.definition.get("PropertyFiles", [])
        return files

    @property
    def cached(self) -> bool:
        """Whether its result may be used again."""
        return bool(self.definition.get("CacheConfig", {}).get("Enabled", False))

    @property
    def expire_after(self) -> str:
        """How long its result may be used again."""
        return str(self.definition["CacheConfig"]["ExpireAfter"])


def read_steps(definition: Mapping[str, Any]) -> list[Step]:
    """Read the steps of a definition, those of a condition's branches after it.

    Args:
        definition: A compiled pipeline.

    Raises:
        AbaloneError: A step cannot be executed here, a reference leads nowhere, or steps wait for each other.
    """
    steps = _flatten(definition["Steps"], None)
    names = {step.name for step in steps}
    parameters = {parameter["Name"] for parameter in definition.get("Parameters", [])}
    for step in steps:
        _check(step)
        _check_references(step, names, parameters)
    try:
        graphlib.TopologicalSorter({step.name: step.needs for step in steps}).prepare()
    except graphlib.CycleError as error:
        raise AbaloneError(f"steps wait for each other: {' -> '.join(reversed(error.args[1]))}") from None
    return steps


def _flatten(definitions: Sequence[Mapping[str, Any]], condition: tuple[str, bool] | None) -> list[Step]:
    steps = []
    for definition in definitions:
        steps.append(Step(definition, condition, _needs(definition, condition)))
        if definition["Type"] == "Condition":
            arguments, name = definition["Arguments"], definition["Name"]
            steps += _flatten(arguments.get("IfSteps", []), (name, True))
            steps += _flatten(arguments.get("ElseSteps", []), (name, False))
    return steps


def _needs(definition: Mapping[str, Any], condition: tuple[str, bool] | None) -> frozenset[str]:
    referred = (split_reference(reference) for reference in references(_own_arguments(definition)))
    needs = {*definition.get("DependsOn", []), *(str(step) for kind, step, *_ in referred if kind == "Steps")}
    return frozenset(needs | {condition[0]} if condition else needs)


def _own_arguments(definition: Mapping[str, Any]) -> Any:
    """The arguments without the steps of a condition's branches, which are steps of their own."""
    return {key: value for key, value in definition["Arguments"].items() if key not in ("IfSteps", "ElseSteps")}


def _check(step: Step) -> None:
    if step.kind not in _KINDS:
        raise AbaloneError(f"step {step.name} is of type {step.kind}: only {', '.join(_KINDS)} are executed here")
    if step.kind in _SPECIFICATIONS:
        specification = _SPECIFICATIONS[step.kind]
        if not step.arguments.get(specification, {}).get("ContainerEntrypoint"):
            raise AbaloneError(
                f"step {step.name} leaves its command to its image, which is not used here: "
                f"give {specification}.ContainerEntrypoint"
            )
    if step.cached:
        duration(step.expire_after)


def _check_references(step: Step, names: set[str], parameters: set[str]) -> None:
    if unknown := step.needs - names:
        raise AbaloneError(f"step {step.name} refers to {', '.join(sorted(unknown))}, which the pipeline does not have")
    for reference in references(_own_arguments(step.definition)):
        kind, name, *_ = split_reference(reference)
        if kind == "Parameters" and name not in parameters:
            raise AbaloneError(f"step {step.name} refers to {reference}, which the pipeline does not declare")
