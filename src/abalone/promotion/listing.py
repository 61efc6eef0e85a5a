"""The versions of an environment, with what is known of each."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from abalone.datasets.champion_record import Seen
from abalone.errors import AbaloneError
from abalone.model.cross_validation import NEW_SITE, RANDOM
from abalone.promotion.environment import Environment
from abalone.promotion.models import Models
from abalone.promotion.plan import plan_rollback
from abalone.promotion.version import ModelVersion, Status

if TYPE_CHECKING:
    from abalone.promotion.registry import Package


def list_versions(environment: Environment, limit: int) -> list[ModelVersion]:
    """List the newest versions, the newest first.

    Args:
        environment: Whose versions.
        limit: How many at most; the champion and the one that a rollback goes back to come on top of them, wherever
            they stand.

    Raises:
        AbaloneError: The champion's record is damaged.
    """
    models, seen = environment.models, environment.models.champion()
    served = environment.registry.served() if environment.registry else None
    previous = _previous(environment)
    versions = sorted({*models.versions(), *_damaged(models, seen)}, reverse=True)
    listed = [version for place, version in enumerate(versions) if place < limit or version in {seen.version, previous}]
    standing = {previous: Status.PREVIOUS, seen.version: Status.CHAMPION}
    # what the gate refused is not registered, unless it was chosen all the same
    sought = [version for version in listed if version in standing or not _is_refused(models.verdicts.get(version, {}))]
    packages = _packages(environment, {digest for version in sought if (digest := models.digest(version))})
    return [_describe(environment, version, standing, packages, served) for version in listed]


def _previous(environment: Environment) -> str | None:
    """The version that `abalone rollback` goes back to, if it does not refuse."""
    try:
        return plan_rollback(environment, None).version
    except AbaloneError:
        return None  # the command itself says why


def _damaged(models: Models, seen: Seen) -> set[str]:
    """Versions without a manifest, but for those that were never whole, of a run that goes on or was killed."""
    damaged = models.without_manifest() & models.verdicts.keys()
    return damaged | {seen.version} if seen.version else damaged


def _packages(environment: Environment, digests: set[str]) -> dict[str, "Package"]:
    """The newest package of each artifact, by digest, as far as all of these are found."""
    found: dict[str, Package] = {}
    if environment.registry:
        for package in environment.registry.packages():
            if digest := environment.registry.digest(package):
                found.setdefault(digest, package)
            if digests <= found.keys():
                break
    return found


def _describe(
    environment: Environment,
    version: str,
    standing: Mapping[str | None, Status],
    packages: Mapping[str, "Package"],
    served: str | None,
) -> ModelVersion:
    verdict = environment.models.verdicts.get(version, {})
    try:
        artifact = environment.models.load(version)
    except AbaloneError as error:
        remedy = (
            "it is the champion: restore it, or `abalone promote` another version"
            if standing.get(version) == Status.CHAMPION
            else "restore it, or delete its folder"
        )
        return ModelVersion(version, Status.DAMAGED, detail=f"{error}; {remedy}")
    package = packages.get(artifact.digest)
    metadata, approval = artifact.metadata, package.approval if package else None
    promised = metadata.get("cross_validation", {})
    data = metadata.get("training_data", {})
    return ModelVersion(
        version,
        standing.get(version) or _status(verdict, approval),
        created=metadata.get("created_at"),
        candidate=metadata.get("name"),
        rows=data.get("rows"),
        training_data=data.get("sha256"),
        random_rmse=promised.get(RANDOM, {}).get("rmse"),
        new_site_rmse=promised.get(NEW_SITE, {}).get("rmse"),
        test_rmse=verdict.get("test_rmse"),
        coverage=verdict.get("coverage"),
        detail=_refusal(verdict, package),
        package=package.arn if package else None,
        approval=approval,
        on_hosts=bool(package and package.model_data_url == served) if environment.registry else None,
    )


def _is_refused(verdict: Mapping[str, Any]) -> bool:
    return verdict.get("passed") is False


def _refusal(verdict: Mapping[str, Any], package: "Package | None") -> str:
    """Why the gate or the registry refused a version; "" where neither did."""
    if _is_refused(verdict):
        return "; ".join(verdict["reasons"])
    return f"rejected in the registry: {package.reason or 'nobody said why'}" if package and package.is_rejected else ""


def _status(verdict: Mapping[str, Any], approval: str | None) -> Status:
    if approval == "Rejected" or _is_refused(verdict):
        return Status.REJECTED
    # what is registered has passed the gate
    return Status.CANDIDATE if verdict or approval else Status.UNKNOWN
