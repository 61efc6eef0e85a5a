"""References and functions of a definition."""

from datetime import datetime
from typing import Any

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.local.expressions import Result, Scope, resolve
from support.executable_definitions import get, join, json_get

EVALUATION = Result(
    properties={
        "ProcessingJobArn": "arn:job",
        "ProcessingOutputConfig": {
            "Outputs": [
                {"OutputName": "report", "S3Output": {"S3Uri": "s3://bucket/report"}},
                {"OutputName": "gate.v1", "S3Output": {"S3Uri": "s3://bucket/gate"}},
            ]
        },
    },
    property_files={"gate": {"passed": False, "metrics": [{"name": "mae", "value": 1.5}], "note": None}},
)
SCOPE = Scope(
    parameters={"random_state": 0, "rate": 0.25, "log": True, "version": "v1", "training-folds": 5},
    execution={"PipelineExecutionId": "abc", "PipelineExecutionArn": "arn:execution"},
    results={"evaluation": EVALUATION},
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        (get("Parameters.random_state"), 0),
        (get("Parameters.training-folds"), 5),
        (get("Execution.PipelineExecutionId"), "abc"),
        (get("Steps.evaluation.ProcessingJobArn"), "arn:job"),
        (get("Steps.evaluation.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri"), "s3://bucket/report"),
        (get('Steps.evaluation.ProcessingOutputConfig.Outputs["gate.v1"].S3Output.S3Uri'), "s3://bucket/gate"),
        (get("Steps.evaluation.ProcessingOutputConfig.Outputs[1].S3Output.S3Uri"), "s3://bucket/gate"),
        (json_get("evaluation", "gate", "passed"), False),
        (json_get("evaluation", "gate", "metrics[0].value"), 1.5),
        (json_get("evaluation", "gate", "metrics[?name=='mae'] | [0].value"), 1.5),
    ],
)
def test_references_and_functions_are_replaced_by_their_values(value: Any, expected: object) -> None:
    assert resolve(value, SCOPE) == expected


def test_join_writes_what_is_no_text_as_json() -> None:
    parts = ["state", get("Parameters.random_state"), get("Parameters.rate"), get("Parameters.log")]

    assert resolve(join(*parts, on="="), SCOPE) == "state=0=0.25=true"


def test_functions_are_replaced_however_deep() -> None:
    uri = join("s3:/", join("bucket", get("Execution.PipelineExecutionId"), on="/"), on="/")

    resolved = resolve({"Outputs": [{"Uri": uri, "Size": 30}]}, SCOPE)

    assert resolved == {"Outputs": [{"Uri": "s3://bucket/abc", "Size": 30}]}


def test_current_time_is_a_time_with_its_zone() -> None:
    assert datetime.fromisoformat(resolve(get("Execution.CurrentDateTime"), SCOPE)).tzinfo is not None


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (get("Parameters.missing"), "Parameters.missing"),
        (get("Execution.Missing"), "Execution.Missing"),
        (get("Steps.training.ModelArtifacts"), "Steps.training.ModelArtifacts"),
        (get("Steps.evaluation.Missing"), "no 'Missing'; there is ProcessingJobArn, ProcessingOutputConfig"),
        (get("Steps.evaluation.ProcessingOutputConfig.Outputs['other']"), "no 'other'"),
        (get("Steps.evaluation.ProcessingOutputConfig.Outputs[7]"), "no 7"),
        (get("Steps.evaluation.ProcessingJobArn.Deeper"), "no 'Deeper'"),
        (get("Steps.evaluation.Outputs['open"), "['open"),
        (json_get("evaluation", "other", "passed"), "Steps.evaluation.PropertyFiles.other"),
        (json_get("training", "gate", "passed"), "Steps.training.PropertyFiles.gate"),
        (json_get("evaluation", "gate", "failed"), "'failed'"),
        (json_get("evaluation", "gate", "note"), "'note'"),
        (json_get("evaluation", "gate", "a b"), "'a b'"),
        ({"Std:JsonGet": {"S3Uri": "s3://bucket/gate.json", "Path": "passed"}}, "s3://bucket/gate.json"),
    ],
)
def test_reference_that_leads_nowhere_is_an_error_that_names_it(value: Any, named: str) -> None:
    with pytest.raises(AbaloneError) as error:
        resolve(value, SCOPE)

    assert named in str(error.value)
    assert "\n" not in str(error.value)
