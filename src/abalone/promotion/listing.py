"""The versions of an environment, with what is known of each."""

from collections.abc import Mapping
from typing import Any

from abalone.datasets.champion_record import Seen
from abalone.errors import AbaloneError
from abalone.model.cross_validation import NEW_SITE, RANDOM
from abalone.promotion.environment import Environment
from abalone.promotion.version import ModelVersion, Status


def list_versions(environment: Environment, limit: int) -> list[ModelVersion]:
    """List the newest versions, the newest first.

    Args:
        environment: Whose versions.
        limit: How many at most; the champion and the one before it come on top of them, wherever they stand.

    Raises:
        AbaloneError: The champion's record is damaged.
    """
    models, seen = environment.models, environment.models.champion()
    serving = {seen.version, (seen.record or {}).get("previous")}
    versions = models.versions()
    listed = [version for place, version in enumerate(versions) if place < limit or version in serving]
    packages = _packages(environment, {models.digest(version) for version in listed})
    return [_describe(environment, version, seen, packages) for version in listed]


def _packages(environment: Environment, digests: set[str | None]) -> dict[str, Any]:
    """The newest package of each artifact, by digest; looked for until all are found."""
    found: dict[str, Any] = {}
    if environment.registry:
        for package in environment.registry.packages():
            digest = environment.registry.digest(package)
            if digest in digests:
                found.setdefault(str(digest), package)
            if len(found) == len(digests):
                break
    return found


def _describe(environment: Environment, version: str, seen: Seen, packages: Mapping[str, Any]) -> ModelVersion:
    verdict = environment.models.verdicts.get(version, {})
    try:
        artifact = environment.models.load(version)
    except AbaloneError as error:
        return ModelVersion(version, Status.DAMAGED, detail=str(error))
    package = packages.get(artifact.digest)
    metadata, approval = artifact.metadata, package.approval if package else None
    promised = metadata.get("cross_validation", {})
    data = metadata.get("training_data", {})
    return ModelVersion(
        version,
        _status(version, seen, verdict, approval),
        created=metadata.get("created_at"),
        candidate=metadata.get("name"),
        rows=data.get("rows"),
        training_data=data.get("sha256"),
        random_rmse=promised.get(RANDOM, {}).get("rmse"),
        new_site_rmse=promised.get(NEW_SITE, {}).get("rmse"),
        test_rmse=verdict.get("test_rmse"),
        coverage=verdict.get("coverage"),
        detail="" if verdict.get("passed", True) else "; ".join(verdict["reasons"]),
        package=package.arn if package else None,
        approval=approval,
    )


def _status(version: str, seen: Seen, verdict: Mapping[str, Any], approval: str | None) -> Status:
    if version == seen.version:
        return Status.CHAMPION
    if seen.record and version == seen.record.get("previous"):
        return Status.PREVIOUS
    if approval == "Rejected" or verdict.get("passed") is False:
        return Status.REJECTED
    # what is registered has passed the gate
    return Status.CANDIDATE if verdict or approval else Status.UNKNOWN
