"""The pipeline in the account: what it is now, and how it comes to be what was compiled."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from abalone.errors import AbaloneError
from abalone.sagemaker.compilation import Compiled

MAXIMUM_BYTES = 1_048_576  # of a definition, says CreatePipeline


def describe(sagemaker: Any, name: str) -> dict[str, Any] | None:
    """Look a pipeline up.

    Args:
        sagemaker: A client of SageMaker.
        name: Of the pipeline.

    Returns:
        What DescribePipeline answers; None when the account has no pipeline of that name.
    """
    try:
        described: dict[str, Any] = sagemaker.describe_pipeline(PipelineName=name)
    except ClientError as error:
        fault = error.response["Error"]
        if fault["Code"].startswith("ResourceNotFound") or "Could not find pipeline" in fault.get("Message", ""):
            return None
        raise
    return described


def upload(s3: Any, files: Mapping[str, bytes]) -> None:
    """Store the files that a definition names, unless they are there: their names tell their content.

    Args:
        s3: A client of S3.
        files: Content by S3 URI.
    """
    for uri, content in files.items():
        bucket, key = uri.removeprefix("s3://").split("/", 1)
        try:
            s3.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            # S3 says 403 for what is missing to whom may not list; writing then tells the truth
            if error.response["Error"]["Code"] not in {"404", "403", "NoSuchKey", "NotFound"}:
                raise
            s3.put_object(Bucket=bucket, Key=key, Body=content)


def upsert(sagemaker: Any, compiled: Compiled) -> int | None:
    """Create the pipeline, or update the one of its name.

    Args:
        sagemaker: A client of SageMaker.
        compiled: The pipeline.

    Returns:
        The version that the pipeline has now; None when the service does not tell, as when it is created.

    Raises:
        AbaloneError: The definition is larger than SageMaker takes.
    """
    definition = json.dumps(compiled.definition)
    if len(definition.encode()) > MAXIMUM_BYTES:
        raise AbaloneError(
            f"the definition of {compiled.pipeline.name} has more than {MAXIMUM_BYTES:,} bytes, which"
            " SageMaker refuses: put more nodes into one group (`groups` in sagemaker.yml)"
        )
    request = {
        "PipelineName": compiled.pipeline.name,
        "PipelineDefinition": definition,
        "RoleArn": compiled.configuration.aws.execution_role,
    }
    tags = [{"Key": key, "Value": value} for key, value in compiled.configuration.tags.items()]
    if describe(sagemaker, compiled.pipeline.name) is None:
        sagemaker.create_pipeline(**request, Tags=tags)
        return None
    updated = sagemaker.update_pipeline(**request)
    if tags:
        sagemaker.add_tags(ResourceArn=updated["PipelineArn"], Tags=tags)
    version: int | None = updated.get("PipelineVersionId")
    return version


def start(
    sagemaker: Any, name: str, parameters: Mapping[str, str | int | float | bool], version: int | None = None
) -> str:
    """Start an execution.

    Args:
        sagemaker: A client of SageMaker.
        name: Of the pipeline.
        parameters: Values of the pipeline's parameters, in the place of their defaults.
        version: Of the pipeline, which somebody else may update at any time; None for the latest.

    Returns:
        The execution's ARN.
    """
    given = [{"Name": key, "Value": str(value)} for key, value in parameters.items()]
    which = {} if version is None else {"PipelineVersionId": version}
    started = sagemaker.start_pipeline_execution(PipelineName=name, PipelineParameters=given, **which)
    arn: str = started["PipelineExecutionArn"]
    return arn
