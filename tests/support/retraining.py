"""What asks for a retraining, and what it starts."""

from typing import Any

COOL_DOWN = "/abalone/test/retraining/cool-down-hours"
SHARE = "/abalone/test/retraining/new-data-share"


def described(name: str) -> dict[str, Any]:
    """A pipeline of CodePipeline, as it is created."""
    action = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}
    stage = {"name": "Source", "actions": [{"name": "Source", "actionTypeId": action}]}
    store = {"type": "S3", "location": "artifacts"}
    role = "arn:aws:iam::123456789012:role/abalone"
    return {"name": name, "roleArn": role, "artifactStore": store, "stages": [stage, {**stage, "name": "Train"}]}


def asked_by(execution: str, reason: str = "drift") -> dict[str, Any]:
    """The event of an execution that asks."""
    return {"reason": reason, "detail": "shell_weight is larger than in training", "execution": execution}
