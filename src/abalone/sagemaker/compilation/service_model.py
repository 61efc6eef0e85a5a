"""The calls that a definition contains, against botocore's model of the SageMaker API."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

OPERATIONS = {
    "Processing": ("CreateProcessingJob", {"ProcessingJobName": "job"}),
    "Training": ("CreateTrainingJob", {"TrainingJobName": "job"}),
    "RegisterModel": ("CreateModelPackage", {}),
}
"""The call that a step makes, by its type, with what SageMaker itself adds to it."""


def faults_of_calls(definition: Mapping[str, Any]) -> Iterator[str]:
    """Check every call of a definition.

    Args:
        definition: The compiled pipeline.

    Yields:
        What is wrong with a call, by the name of its step.
    """
    model = botocore.session.get_session().get_service_model("sagemaker")
    for step in steps_of(definition["Steps"]):
        if step["Type"] not in OPERATIONS:
            continue
        operation, added = OPERATIONS[step["Type"]]
        shape = model.operation_model(operation).input_shape
        report = ParamValidator().validate({**_concrete(step["Arguments"]), **added}, shape)
        if report.has_errors():
            yield f"{step['Name']} would be refused by {operation}: {report.generate_report()}"


def steps_of(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Walk over steps, and over those in the branches of conditions."""
    for step in steps:
        yield step
        if step["Type"] == "Condition":
            yield from steps_of(step["Arguments"]["IfSteps"])
            yield from steps_of(step["Arguments"]["ElseSteps"])


def _concrete(value: Any) -> Any:
    """Put a text in the place of what is known only when the pipeline runs."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)) in {"Get", "Std:Join", "Std:JsonGet"}:
            return "text"
        return {key: _concrete(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_concrete(member) for member in value]
    return copy.copy(value)
