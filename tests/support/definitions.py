"""A small pipeline definition, in the shape that SageMaker takes."""

from typing import Any


def processing(name: str) -> dict[str, Any]:
    cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1}
    return {"Name": name, "Type": "Processing", "Arguments": {"ProcessingResources": {"ClusterConfig": cluster}}}


def training(name: str) -> dict[str, Any]:
    cluster = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 2}
    return {
        "Name": name,
        "Type": "Training",
        "Arguments": {"ResourceConfig": cluster, "EnableManagedSpotTraining": True},
    }


DEFINITION: dict[str, Any] = {
    "Version": "2020-12-01",
    "Parameters": [{"Name": "training-random_state", "Type": "Integer", "DefaultValue": 0}],
    "Steps": [
        processing("ingestion"),
        training("training"),
        {
            "Name": "gate",
            "Type": "Condition",
            "Arguments": {
                "Conditions": [],
                "IfSteps": [{"Name": "register", "Type": "RegisterModel", "Arguments": {}}],
                "ElseSteps": [{"Name": "refused", "Type": "Fail", "Arguments": {"ErrorMessage": "not passed"}}],
            },
        },
    ],
}
