"""The calls that a definition contains, against botocore's model of the SageMaker API."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from abalone.sagemaker.steps import all_steps

OPERATIONS = {
    "Processing": ("CreateProcessingJob", {"ProcessingJobName": "job"}),
    "Training": ("CreateTrainingJob", {"TrainingJobName": "job"}),
    "RegisterModel": ("CreateModelPackage", {}),
}
"""The call that a step makes, by its type, with what SageMaker itself adds to it."""


MACHINES = {"Processing": ("ProcessingResources", "ClusterConfig"), "Training": ("ResourceConfig",)}
"""Where a step names its machines, by its type; botocore does not check them."""


def faults_of_calls(definition: Mapping[str, Any]) -> Iterator[str]:
    """Check every call of a definition.

    Args:
        definition: The compiled pipeline.

    Yields:
        What is wrong with a call, by the name of its step.
    """
    model = botocore.session.get_session().get_service_model("sagemaker")
    for step in all_steps(definition):
        if step["Type"] not in OPERATIONS:
            continue
        operation, added = OPERATIONS[step["Type"]]
        shape = model.operation_model(operation).input_shape
        report = ParamValidator().validate({**_concrete(step["Arguments"]), **added}, shape)
        if report.has_errors():
            yield f"{step['Name']} would be refused by {operation}: {report.generate_report()}"
        elif step["Type"] in MACHINES:
            yield from _unknown_instance_type(step, shape)


def _unknown_instance_type(step: Mapping[str, Any], shape: Any) -> Iterator[str]:
    machines = step["Arguments"]
    for section in MACHINES[step["Type"]]:
        shape, machines = shape.members[section], machines[section]
    known, asked = shape.members["InstanceType"].enum, machines["InstanceType"]
    if asked not in known:
        near = ", ".join(difflib.get_close_matches(asked, known)) or "one of SageMaker's price list"
        yield f"{step['Name']}: there is no instance_type {asked}; did you mean {near}?"


def _concrete(value: Any) -> Any:
    """Put a text in the place of what is known only when the pipeline runs."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)) in {"Get", "Std:Join", "Std:JsonGet"}:
            return "text"
        return {key: _concrete(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_concrete(member) for member in value]
    return value
