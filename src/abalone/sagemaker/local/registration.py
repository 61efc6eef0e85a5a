"""Registering a model package."""

import uuid
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from abalone.sagemaker.local.expressions import Result
from abalone.sagemaker.local.faults import aws_faults
from abalone.sagemaker.local.service import Service


def register(step: str, request: Mapping[str, Any], service: Service) -> Result:
    """Register a model package, in a group that is created when it is missing.

    Args:
        step: Name of the step.
        request: Its resolved arguments.
        service: What stands for the service.

    Raises:
        StepError: The API refused it or failed.
    """
    # the same for each attempt, so that one whose answer was lost does not register twice
    token = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{service.variables['PipelineExecutionArn']}/{step}"))
    with aws_faults("registration"):
        if group := request.get("ModelPackageGroupName"):
            _ensure_group(group, service.sagemaker)
        created = service.sagemaker.create_model_package(**{"ClientToken": token, **request})
    return Result({**request, "ModelPackageArn": created["ModelPackageArn"]})


def _ensure_group(name: str, sagemaker: Any) -> None:
    try:
        sagemaker.describe_model_package_group(ModelPackageGroupName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        # that is how the API says that it does not exist
        sagemaker.create_model_package_group(ModelPackageGroupName=name)
