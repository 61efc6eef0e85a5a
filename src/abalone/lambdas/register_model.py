"""Writes the verdict of the system test into the model registry."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from abalone.lambdas.errors import EventError, ModelPackageError
from abalone.lambdas.runtime import Context, client, get_logger, required, setting

logger = get_logger(__name__)

STATUSES = ("Approved", "Rejected")
_DESCRIPTION_LENGTH = 1024
_METADATA_PREFIX = "system-test/"


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Approve or reject a model package, with the figures that decided it.

    The metrics of a package cannot be changed once it is registered, so the figures go into its metadata.

    Args:
        event: model_package_arn, status (Approved or Rejected), reason, and the evaluation.
        context: Lambda's.

    Returns:
        model_package_arn, status, and whether the package was changed.

    Raises:
        EventError: The event lacks something, or the status is unknown.
        ModelPackageError: There is no such package in this project's group.
    """
    arn, status, reason = (required(event, name) for name in ("model_package_arn", "status", "reason"))
    if status not in STATUSES:
        raise EventError(f"The status {status!r} is unknown: a model package is {' or '.join(STATUSES)}.")
    sagemaker = client("sagemaker")
    package = _describe(sagemaker, arn)
    verdict = {
        "ModelApprovalStatus": status,
        "ApprovalDescription": _shortened(reason),
        "CustomerMetadataProperties": {
            **package.get("CustomerMetadataProperties", {}),
            **_as_metadata(event.get("evaluation", {})),
        },
    }
    changed = any(package.get(name) != value for name, value in verdict.items())
    if changed:
        sagemaker.update_model_package(ModelPackageArn=arn, **verdict)
    result = {"model_package_arn": arn, "status": status, "changed": changed}
    fields = {"request_id": context.aws_request_id, "was": package["ModelApprovalStatus"], "reason": reason, **result}
    logger.info("registered", extra={"fields": fields})
    return result


def _describe(sagemaker: Any, arn: str) -> dict[str, Any]:
    group = setting("ABALONE_MODEL_PACKAGE_GROUP")
    try:
        package: dict[str, Any] = sagemaker.describe_model_package(ModelPackageName=arn)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        raise ModelPackageError(
            f"The model package {arn} cannot be read: {error.response['Error']['Message']}"
        ) from error
    if package.get("ModelPackageGroupName") != group:
        raise ModelPackageError(f"The model package {arn} is not in the group {group}: name one that is.")
    return package


def _as_metadata(evaluation: Mapping[str, Any]) -> dict[str, str]:
    """Return figures as the flat texts that a package's metadata holds."""
    flat: dict[str, str] = {}
    for name, value in evaluation.items():
        if isinstance(value, Mapping):
            flat |= {f"{_METADATA_PREFIX}{name}/{part}": _as_text(figure) for part, figure in value.items()}
        else:
            flat[_METADATA_PREFIX + name] = _as_text(value)
    return flat


def _as_text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _DESCRIPTION_LENGTH else reason[: _DESCRIPTION_LENGTH - 1] + "…"
