"""What an execution has to be told beside the parameters: which data it is on, and whether its model is known."""

import hashlib
import itertools
import json
from collections.abc import Mapping
from typing import Any

import boto3
import fsspec
from kedro.framework.context import KedroContext
from kedro.io import CatalogConfigResolver

from abalone.sagemaker.compilation import Compiled
from abalone.sagemaker.compilation.parameters import EVALUATION_KEY, REGISTER, version_parameter
from abalone.sagemaker.job import code_identity
from abalone.sagemaker.job_parameters import flatten
from abalone.sagemaker.storage import Storage, group_keys, place

LOOKED_THROUGH = 100
"""How many of the newest registered models are looked through; one call each."""

NONE = "none"
"""Version of an input that is not there."""


def start_parameters(context: KedroContext, compiled: Compiled, pipeline: str = "__default__") -> dict[str, str]:
    """Read what an execution that starts now has to be told.

    Args:
        context: Kedro's, with the parameters of the execution.
        compiled: The compiled pipeline.
        pipeline: Name of the Kedro pipeline.

    Returns:
        Values of pipeline parameters, by name.
    """
    configuration, grouping = compiled.configuration, compiled.grouping
    resolver = CatalogConfigResolver(dict(context.config_loader["catalog"]), {})
    versions = {name: listing_digest(place(resolver.resolve_pattern(name))) for name in grouping.inputs}
    code = code_identity(str(context.env), pipeline, configuration.docker.image)
    leaves = flatten(context.params)
    if configuration.training and "champion" in versions:
        keys = group_keys(grouping, configuration.training.group, leaves, versions, code)
        trained = Storage(compiled.storage, keys).read_versions(configuration.training.group) or {}
        record = _record(place(resolver.resolve_pattern("champion")))
        versions["champion"] = champion_version(record, trained.get(configuration.training.artifact))
    parameters = {version_parameter(name): version for name, version in versions.items()}
    if configuration.evaluation and configuration.registration:
        key = group_keys(grouping, configuration.evaluation.group, leaves, versions, code)[
            configuration.evaluation.group
        ]
        known = _is_registered(configuration.registration.model_package_group, key)
        parameters |= {EVALUATION_KEY: key, REGISTER: "false" if known else "true"}
    return parameters


def listing_digest(uri: str | None) -> str:
    """Digest the names, sizes and entity tags of the objects at a place.

    Args:
        uri: Of an object or a folder.

    Returns:
        32 hexadecimal digits, or `NONE` when nothing is there.
    """
    if uri is None:
        return NONE
    fs, path = fsspec.core.url_to_fs(uri)
    fs.invalidate_cache()
    listing = fs.find(path, detail=True)
    if not listing:
        return NONE
    described = [[name, item["size"], item.get("ETag")] for name, item in sorted(listing.items())]
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:32]


def champion_version(record: Mapping[str, Any], own: str | None) -> str:
    """Say which champion a model has to beat.

    A model that has become the champion is not its own rival: its evaluation stands, against the one that it beat.

    Args:
        record: The champion's; empty when there is none.
        own: Version of the model that these parameters and data have given before, if they have.
    """
    version = record.get("previous") if own and record.get("version") == own else record.get("version")
    return str(version or NONE)


def _record(uri: str | None) -> dict[str, Any]:
    fs, path = fsspec.core.url_to_fs(uri)
    fs.invalidate_cache()
    record: dict[str, Any] = json.loads(fs.cat_file(path)) if fs.exists(path) else {}
    return record


def _is_registered(model_package_group: str, key: str) -> bool:
    client = boto3.client("sagemaker")
    groups = client.list_model_package_groups(NameContains=model_package_group)["ModelPackageGroupSummaryList"]
    if model_package_group not in {group["ModelPackageGroupName"] for group in groups}:
        return False
    pages = client.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=model_package_group, SortBy="CreationTime", SortOrder="Descending"
    )
    packages = (package for page in pages for package in page["ModelPackageSummaryList"])
    newest = itertools.islice(packages, LOOKED_THROUGH)
    return any(
        client.describe_model_package(ModelPackageName=package["ModelPackageArn"])
        .get("CustomerMetadataProperties", {})
        .get(EVALUATION_KEY.replace("-", "_"))
        == key
        for package in newest
    )
