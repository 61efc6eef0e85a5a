"""Pipeline definitions that can be executed, whose jobs are a few lines of Python."""

from collections.abc import Mapping, Sequence
from typing import Any

ROLE = "arn:aws:iam::111122223333:role/jobs"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/abalone@sha256:" + "0" * 64
Step = dict[str, Any]

JOB_KILLED = {"ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR"], "MaxAttempts": 2, "IntervalSeconds": 1}
SERVICE_FAULT = {"ExceptionType": ["Step.SERVICE_FAULT", "Step.THROTTLING"], "MaxAttempts": 3, "IntervalSeconds": 1}


def definition(*steps: Step, parameters: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    return {"Version": "2020-12-01", "Metadata": {}, "Parameters": list(parameters), "Steps": list(steps)}


def get(reference: str) -> dict[str, Any]:
    return {"Get": reference}


def join(*values: Any, on: str = "") -> dict[str, Any]:
    return {"Std:Join": {"On": on, "Values": list(values)}}


def json_get(step: str, file: str, path: str) -> dict[str, Any]:
    return {"Std:JsonGet": {"PropertyFile": get(f"Steps.{step}.PropertyFiles.{file}"), "Path": path}}


def processing(
    name: str,
    code: str = "",
    *,
    environment: Mapping[str, Any] | None = None,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, Any] | None = None,
    seconds: int = 60,
    **more: Any,
) -> Step:
    """A processing step.

    Args:
        name: Its name.
        code: Python that its container runs, where `ml` is the folder that stands for /opt/ml.
        environment: Its variables.
        inputs: S3 URI by name; each is below /opt/ml/processing/input.
        outputs: S3 URI by name; each is below /opt/ml/processing/output.
        seconds: How long it may run.
        more: Further keys of the step, such as DependsOn.
    """
    arguments = {
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": entry_point(code)},
        "RoleArn": ROLE,
        "StoppingCondition": {"MaxRuntimeInSeconds": seconds},
        "Environment": dict(environment or {}),
        "ProcessingInputs": [_input(key, uri) for key, uri in (inputs or {}).items()],
        "ProcessingOutputConfig": {"Outputs": [_output(key, uri) for key, uri in (outputs or {}).items()]},
    }
    return {"Name": name, "Type": "Processing", "Arguments": arguments, **more}


def training(
    name: str,
    code: str = "",
    *,
    bucket: str,
    channels: Mapping[str, str] | None = None,
    hyperparameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> Step:
    """A training step whose outputs go to `s3://<bucket>/models`."""
    arguments: dict[str, Any] = {
        "AlgorithmSpecification": {
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "ContainerEntrypoint": entry_point(code),
        },
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "RoleArn": ROLE,
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "HyperParameters": dict(hyperparameters or {}),
    }
    if channels:
        arguments["InputDataConfig"] = [_channel(key, uri) for key, uri in channels.items()]
    return {"Name": name, "Type": "Training", "Arguments": arguments, **more}


def condition(
    name: str, *conditions: Mapping[str, Any], if_steps: Sequence[Step] = (), else_steps: Sequence[Step] = ()
) -> Step:
    arguments = {"Conditions": list(conditions), "IfSteps": list(if_steps), "ElseSteps": list(else_steps)}
    return {"Name": name, "Type": "Condition", "Arguments": arguments}


def equals(left: Any, right: Any) -> dict[str, Any]:
    return {"Type": "Equals", "LeftValue": left, "RightValue": right}


def fail(name: str, message: Any, **more: Any) -> Step:
    return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": message}, **more}


def registration(name: str, model: Any, **more: Any) -> Step:
    """A step that registers a model package of the group `abalone`."""
    arguments = {
        "ModelPackageGroupName": "abalone",
        "InferenceSpecification": {
            "Containers": [{"Image": IMAGE, "ModelDataUrl": model}],
            "SupportedContentTypes": ["application/json"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
        "ModelApprovalStatus": "PendingManualApproval",
    }
    return {"Name": name, "Type": "RegisterModel", "Arguments": arguments, **more}


def entry_point(code: str) -> list[str]:
    preamble = "import json, os, pathlib, signal, sys, time\nml = pathlib.Path(os.environ['ABALONE_ML_ROOT'])\n"
    return ["python", "-c", preamble + code]


def _input(name: str, uri: str) -> dict[str, Any]:
    source = {"S3Uri": uri, "LocalPath": f"/opt/ml/processing/input/{name}", "S3DataType": "S3Prefix"}
    return {"InputName": name, "S3Input": {**source, "S3InputMode": "File"}}


def _output(name: str, uri: Any) -> dict[str, Any]:
    target = {"S3Uri": uri, "LocalPath": f"/opt/ml/processing/output/{name}", "S3UploadMode": "EndOfJob"}
    return {"OutputName": name, "AppManaged": False, "S3Output": target}


def _channel(name: str, uri: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}
