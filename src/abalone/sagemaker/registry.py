"""The model registry of the account: whether it has a model already, and where that is."""

import itertools
from typing import Any

from abalone.sagemaker.aws import client

TRAINING_KEY_METADATA = "training_key"
"""Under which name a registered model's metadata say what evaluation let it pass."""

LOOKED_THROUGH = 100
"""How many of the newest registered models are looked through; one call each."""


def is_registered(model_package_group: str, training_key: str) -> bool:
    """Look for a model among the newest ones of a group.

    Args:
        model_package_group: Name of the group, which need not exist yet.
        training_key: Of the training that made the model.
    """
    return find_package(model_package_group, training_key) is not None


def find_package(model_package_group: str, training_key: str) -> str | None:
    """Look for the package of a model among the newest ones of a group.

    Args:
        model_package_group: Name of the group, which need not exist yet.
        training_key: Of the training that made the model.

    Returns:
        The ARN of the newest package of that model, if there is one.
    """
    sagemaker = client("sagemaker")
    if not _exists(sagemaker, model_package_group):
        return None
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=model_package_group, SortBy="CreationTime", SortOrder="Descending"
    )
    packages = (package["ModelPackageArn"] for page in pages for package in page["ModelPackageSummaryList"])
    newest = itertools.islice(packages, LOOKED_THROUGH)
    return next((arn for arn in newest if _training_key(sagemaker, arn) == training_key), None)


def _exists(sagemaker: Any, model_package_group: str) -> bool:
    pages = sagemaker.get_paginator("list_model_package_groups").paginate(NameContains=model_package_group)
    return any(
        group["ModelPackageGroupName"] == model_package_group
        for page in pages
        for group in page["ModelPackageGroupSummaryList"]
    )


def _training_key(sagemaker: Any, arn: str) -> str | None:
    metadata: dict[str, str] = sagemaker.describe_model_package(ModelPackageName=arn).get(
        "CustomerMetadataProperties", {}
    )
    return metadata.get(TRAINING_KEY_METADATA)
