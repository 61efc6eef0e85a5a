"""What a promotion or a rollback will do, decided before anything is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from abalone.datasets.champion_record import Seen
from abalone.datasets.promotions import is_logged, read_log
from abalone.errors import AbaloneError
from abalone.promotion.environment import Environment

if TYPE_CHECKING:
    from abalone.promotion.registry import Package


class Action(StrEnum):
    """How a model becomes the champion by a person's hand."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"


@dataclass(frozen=True)
class Plan:
    """What will be done.

    Attributes:
        action: What it is.
        version: Who becomes the champion.
        digest: Of its artifact.
        previous: Who a rollback of it would bring back; None if nobody knows.
        package: Its model package, where there is a registry.
        seen: The champion's record, which is replaced only while it is this one.
        is_resumed: Whether the record is replaced already, and only what follows is left to do.
    """

    action: Action
    version: str
    digest: str
    previous: str | None
    package: "Package | None"
    seen: Seen
    is_resumed: bool = False


def plan_promotion(environment: Environment, beginning: str, *, force: bool) -> Plan:
    """Plan to make a version the champion.

    Args:
        environment: Where.
        beginning: The version, or as much of it as no other one begins with.
        force: Whether the gate may be overruled.

    Raises:
        AbaloneError: The version is unknown or damaged, did not pass the gate, or is the champion already, and on the
            hosts where there are any.
    """
    seen, version = environment.models.champion(), environment.models.named(beginning)
    if resumed := _resumed(environment, Action.PROMOTE, version, seen):
        return resumed
    artifact = environment.models.load(version)
    package = _package(environment, version, artifact.digest)
    if version == seen.version and _is_everywhere(environment, package):
        raise AbaloneError(f"{version} is the champion already")
    verdict = environment.models.verdicts.get(version)
    objection = _objection(verdict, artifact.digest, package)
    if objection and not force:
        raise AbaloneError(f"{version} {objection}: --force with a --reason promotes it all the same")
    previous = (seen.record or {}).get("previous") if version == seen.version else seen.version
    return Plan(Action.PROMOTE, version, artifact.digest, previous, package, seen)


def plan_rollback(environment: Environment, beginning: str | None) -> Plan:
    """Plan to make an earlier version the champion again.

    Args:
        environment: Where.
        beginning: The version, or as much of it as no other one begins with; None for the champion before this one.

    Returns:
        The plan. That of the rollback that made the champion is resumed where the hosts were not told, as in a region
        without the registry.

    Raises:
        AbaloneError: There is no such version, it is damaged or no earlier one, it was rejected in the registry, or it
            was never the champion and did not pass the gate.
    """
    seen = environment.models.champion()
    version = environment.models.named(beginning) if beginning else None
    if resumed := _resumed(environment, Action.ROLLBACK, version, seen):
        return resumed
    version = version or _predecessor(environment, seen)
    if seen.version is None or version > seen.version:
        raise AbaloneError(
            f"{version} is no earlier one than the champion, {seen.version}: {_promote(environment, version)} makes it "
            "the champion"
        )
    artifact = environment.models.load(version)
    package = _package(environment, version, artifact.digest)
    is_champion = version == seen.version
    if is_champion and (_action(seen) != Action.ROLLBACK or _is_everywhere(environment, package)):
        raise AbaloneError(f"{version} is the champion already")
    log = read_log(environment.models.record)
    served = {line["to"] for line in log} | {(seen.record or {}).get("previous")}
    # A champion of before needs no verdict, but may have been rejected since: by the system test, a person, a rollback.
    objection = _rejection(package)
    if not objection and version not in served:
        objection = _objection(environment.models.verdicts.get(version), artifact.digest, package)
    if objection:
        command = _promote(environment, version, '--force --reason "..."')
        raise AbaloneError(f"{version} {objection}: {command} makes it the champion all the same")
    previous = _champion_before(version, log)
    return Plan(Action.ROLLBACK, version, artifact.digest, previous, package, seen, is_resumed=is_champion)


def _resumed(environment: Environment, action: Action, version: str | None, seen: Seen) -> Plan | None:
    """The plan that somebody was stopped in, if it is this one."""
    record = seen.record
    if not record or is_logged(environment.models.record, record) or record["promotion"]["action"] != action:
        return None
    if version not in (None, record["version"]):
        return None
    package = _package(environment, record["version"], record["digest"])
    return Plan(action, record["version"], record["digest"], record["previous"], package, seen, is_resumed=True)


def _action(seen: Seen) -> str | None:
    """How the champion became it; None if nobody knows."""
    action: str | None = ((seen.record or {}).get("promotion") or {}).get("action")
    return action


def _predecessor(environment: Environment, seen: Seen) -> str:
    if seen.record is None or seen.version is None:
        raise AbaloneError("there is no champion to roll back: `abalone promote VERSION` makes one")
    if previous := seen.record.get("previous"):
        return str(previous)
    replaced = (seen.record.get("promotion") or {}).get("from")
    undo = f"{_promote(environment, replaced)} undoes the last change, " if replaced not in {None, seen.version} else ""
    raise AbaloneError(
        f"no champion before {seen.version} is known: {undo}`abalone rollback VERSION` goes to any earlier version "
        "that `abalone models` lists"
    )


def _promote(environment: Environment, version: str, options: str = "") -> str:
    """The command that makes a version the champion."""
    return f"`{' '.join(filter(None, ['abalone promote', version, '--env', environment.name, options]))}`"


def _champion_before(version: str, log: Sequence[Mapping[str, Any]]) -> str | None:
    """Who served before a version did for the last time, but for later ones: from these somebody went back to it."""
    took_over_from = (line["from"] for line in reversed(log) if line["to"] == version)
    return next((before for before in took_over_from if before and before < version), None)


def _objection(verdict: Mapping[str, Any] | None, digest: str, package: "Package | None") -> str | None:
    """Why the gate would not have the model serve; None if it would."""
    if rejection := _rejection(package):
        return rejection
    if verdict is None:
        # what is registered has passed the gate
        return None if package else "was not evaluated, or before verdicts were kept"
    if not verdict["passed"]:
        return f"did not pass the gate ({'; '.join(verdict['reasons'])})"
    return None if verdict["digest"] == digest else "is not the model any more that the gate judged"


def _rejection(package: "Package | None") -> str | None:
    return f"was rejected in the registry ({package.arn})" if package and package.is_rejected else None


def _is_everywhere(environment: Environment, package: "Package | None") -> bool:
    """Whether the hosts, where there are any, are told to serve the champion."""
    return not environment.registry or not package or environment.registry.serves(package)


def _package(environment: Environment, version: str, digest: str) -> "Package | None":
    if environment.registry is None:
        return None
    package = environment.registry.find(digest)
    if package is None:
        raise AbaloneError(
            f"{version} has no model package in {environment.registry.group} whose archive is there, so that no "
            f"endpoint or host could serve it: promote one that has; `kedro sagemaker run --env {environment.name}` "
            "registers what it trains"
        )
    return package
